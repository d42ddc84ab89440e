/** The report of `langevin sde`: what was learned, the series with their bands and forecasts, the state's portrait and drift, and how the bound rose. */
import { observation_panel } from './report/bands.ts';
import { bound_panel } from './report/bound_curve.ts';
import { type DriftField, field_panel } from './report/drift_field.ts';
import { type Frame, film_panel } from './report/frames.ts';
import type { ObservationSeries } from './report/input.ts';
import { type Fact, fact_list, legend, origin, page, type Section, table } from './report/page.ts';
import { phase_panels } from './report/phase.ts';
import { escape_text } from './report/svg.ts';
import type { SdeBlock } from './sde_summary.ts';
import type { Summary } from './summary.ts';
import { facts } from './table.ts';

interface TextTable {
  header: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface SdeReport {
  summary: Summary & { sde: SdeBlock };
  /** The data as the user named them. */
  data: string;
  /** In words. */
  sizes: string;
  facts: readonly Fact[];
  estimates: TextTable;
  forecast?: TextTable;
  /** Of series that were not learned from. */
  test?: TextTable;
  /** Axis label. */
  time: string;
  series: readonly {
    /** '' where there is one. */
    name: string;
    channels: readonly ObservationSeries[];
    /** [component][time] mean of the posterior. */
    states: readonly (readonly number[])[];
  }[];
  /** Of a state in the plane. */
  field?: DriftField;
  /** Where channels are pixels: of the first series. */
  film?: { width: number; height: number; frames: readonly Frame[] };
}

/** The text of report.html. All names and texts of the input are escaped. */
export function write_sde_report(report: SdeReport): string {
  const { summary, data, sizes } = report;
  return page(`${summary.model}: latent SDE`, sizes, fact_list([['data', data], ...report.facts], summary.warnings), [
    ...table_sections(report),
    ...film_sections(report),
    ...(report.film === undefined ? series_sections(report) : []),
    ...state_sections(report),
    {
      title: 'Training',
      caption:
        'The bound and its parts by step, as estimates of few samples show them: means of neighbouring steps. While the bound still rises, more --steps help.' +
        ' <span class="key now">bound</span> <span class="key colour0">likelihood</span> <span class="key colour5">− path</span>',
      body: `<div class="stack">${bound_panel(summary.sde.curve)}</div>`,
    },
    { title: 'Run', caption: '', body: fact_list([...facts(summary), ...origin(summary)], []) },
  ]);
}

function table_sections({ summary, estimates, forecast, test }: SdeReport): Section[] {
  const sections: Section[] = [
    {
      title: 'Learned',
      caption: 'Diffusion D and the sd of the noise, in the units of the data.',
      body: table(estimates.header, estimates.rows),
    },
  ];
  if (forecast !== undefined) {
    sections.push({
      title: 'Forecast of what was withheld',
      caption:
        'Paths of the learned equation from the end of what was learned from, against the observations after it.',
      body:
        table(forecast.header, forecast.rows) +
        legend(forecast_columns.filter(([name]) => forecast.header.includes(name))),
    });
  }
  if (test !== undefined) {
    sections.push({
      title: 'Series that were not learned from',
      caption: `Forecasts after the first ${summary.sde.test?.given} observations of each, which the encoder read.`,
      body: table(test.header, test.rows) + legend(forecast_columns.filter(([name]) => test.header.includes(name))),
    });
  }
  return summary.sde.estimates.length === 0 ? sections.slice(1) : sections;
}

const forecast_columns: readonly Fact[] = [
  ['rmse', 'root mean square error of the mean over the paths'],
  ['rmse of the mean', 'the same of the mean of what was learned from: what no model is needed for'],
  ['90 % band holds', 'observations within the band, noise counted; 90 % where uncertainty is what it should be'],
  ['CRPS', 'continuous ranked probability score, in the channel’s units: an error that counts the spread too'],
];

/** Observations of a panel on which they can be told apart. */
const few = 400;

function series_sections({ series, time }: SdeReport): Section[] {
  const sections: Section[] = [];
  for (const { name, channels } of series) {
    const of = name === '' ? '' : `: ${name}`;
    const panels = (shown: readonly ObservationSeries[]) =>
      `<div class="stack">${shown.map((one) => observation_panel(one, time)).join('')}</div>`;
    sections.push({
      title: `Data and posterior${of}`,
      caption:
        'Points: data. Line and bands: median, 50 % and 90 % of the posterior of the signal, without the noise of an observation, given all that was learned from; behind the rule the forecast.',
      body: panels(channels),
    });
    const predicted = channels[0]?.predicted.length ?? 0;
    if (predicted > few) {
      sections.push({
        title: `The end${of}`,
        caption: `The last ${few / 2} times of the posterior and the beginning of the forecast.`,
        body: panels(channels.map(last_part)),
      });
    }
  }
  return sections;
}

function film_sections({ film, time }: SdeReport): Section[] {
  if (film === undefined) return [];
  return [
    {
      title: 'Frames',
      caption: `By ${escape_text(time)}. Above what was observed, below what was learned: the chance of every pixel to be lit. <span class="key now">posterior</span> <span class="key later">forecast</span>`,
      body: `<div class="stack">${film_panel(film.frames, film)}</div>`,
    },
  ];
}

function last_part({ name, observed, predicted, forecast }: ObservationSeries): ObservationSeries {
  const shown = predicted.slice(-few / 2);
  const [begin, end] = [shown[0]?.t ?? 0, shown.at(-1)?.t ?? 0];
  const later = forecast?.filter(({ t }) => t <= end + (end - begin) / 2);
  const last = later?.at(-1)?.t ?? end;
  return {
    ...{ name, predicted: shown, observed: observed.filter(({ t }) => t >= begin && t <= last) },
    ...(later === undefined ? {} : { forecast: later }),
  };
}

function state_sections({ summary, series, field }: SdeReport): Section[] {
  const sections: Section[] = [];
  const { components } = summary.sde;
  if (components.length > 1) {
    sections.push({
      title: 'Portrait of the state',
      caption: 'Means of the posterior, one component against another; a series each.',
      body: `<div class="grid3">${phase_panels(
        components,
        series.map(({ states }) => states),
      ).join('')}</div>`,
    });
  }
  if (field !== undefined) {
    const key =
      field.truth === undefined ? '' : ' <span class="key now">learned</span> <span class="key colour5">true</span>';
    sections.push({
      title: 'Drift',
      caption: `Where the learned equation takes the state: arrows as long as what it moves in a short time.${key}`,
      body: `<div class="stack">${field_panel(
        components,
        field,
        series.map(({ states }) => states),
      )}</div>`,
    });
  }
  return sections;
}
