/**
 * `report.html`: one self-contained page with what a person would look at after a run, from `smc2` or `filter`. The
 * input is plain data (report/input.ts); parts that are absent are left out, so that both kinds of run share the page.
 */
import { coverage, observation_panel, state_panel } from './report/bands.ts';
import { population_panels, spread_legend, step_panels } from './report/health.ts';
import type { ObservationSeries, ReportInput } from './report/input.ts';
import { marginal_panels, marginals_caption } from './report/marginals.ts';
import { gradient_table, page, parameter_table, run_facts, type Section } from './report/page.ts';
import { LARGEST_PAIRS, pairs_figure } from './report/pairs.ts';
import { escape_text } from './report/svg.ts';

export type {
  Band,
  FilterStep,
  Marginal,
  ObservationSeries,
  Point,
  Posterior,
  ReportInput,
  StateSeries,
} from './report/input.ts';

/** The text of report.html. All names and texts of the input are escaped. */
export function write_report(input: ReportInput): string {
  const { summary } = input;
  const stage = summary.smc2 !== undefined ? 'SMC²' : input.steps !== undefined ? 'particle filter' : 'posterior';
  const sections = [
    ...parameter_sections(input),
    ...series_sections(input),
    ...filter_sections(input),
    ...population_section(input),
  ];
  return page(`${summary.model}: ${stage}`, size_line(input), run_facts(summary, input.data), sections);
}

/** The sizes that matter, in words. */
function size_line({ summary, steps, observations, posterior }: ReportInput): string {
  const rows = steps?.steps.length ?? observations?.[0]?.predicted.length;
  const parts = [
    summary.smc2 === undefined ? '' : `${summary.smc2.thetas} thetas × ${summary.smc2.particles} particles`,
    steps === undefined ? '' : `${steps.particles} particles`,
    rows === undefined ? '' : `${rows} rows of data`,
    posterior === undefined ? '' : `${posterior.marginals.length} parameters`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function parameter_sections({ summary, posterior }: ReportInput): Section[] {
  const sections: Section[] = [];
  if (Object.keys(summary.parameters).length > 0) {
    sections.push({
      title: 'Parameters',
      caption:
        'Posterior mean, standard deviation, Monte Carlo standard error of the mean, quantiles, effective sample size.',
      body: parameter_table(summary),
    });
  }
  if (posterior === undefined || posterior.marginals.length === 0) return sections;
  sections.push({
    title: 'Marginal posteriors',
    caption: marginals_caption(posterior),
    body: `<div class="grid3">${marginal_panels(posterior).join('')}</div>`,
  });
  if (posterior.marginals.length > 1) {
    const all = posterior.marginals.length;
    const first = all > LARGEST_PAIRS ? ` The first ${LARGEST_PAIRS} of ${all} parameters.` : '';
    sections.push({
      title: 'Pairs',
      caption: `Draws, resampled to equal weight; r is their correlation.${first}`,
      body: pairs_figure(posterior),
    });
  }
  return sections;
}

function series_sections({ observations = [], states = [], time = 't', summary }: ReportInput): Section[] {
  const sections: Section[] = [];
  const over = summary.smc2 === undefined ? '' : ', averaged over the posterior';
  if (observations.length > 0) {
    sections.push({
      title: 'Observations and predictions',
      caption:
        `Points: data. Line and bands: median, 50 % and 90 % of the prediction of each row from the rows before it${over}. ` +
        coverage_text(observations),
      body: `<div class="stack">${observations.map((series) => observation_panel(series, time)).join('')}</div>`,
    });
  }
  if (states.length > 0) {
    sections.push({
      title: 'States',
      caption: `Median, 50 % and 90 % bands of the state given the rows up to that time${over}.`,
      body: `<div class="stack">${states.map((series) => state_panel(series, time)).join('')}</div>`,
    });
  }
  return sections;
}

function coverage_text(observations: readonly ObservationSeries[]): string {
  const counted = observations.map((series) => ({ name: series.name, ...coverage(series) })).filter(({ of }) => of > 0);
  if (counted.length === 0) return '';
  const each = counted.map(
    ({ name, inside, of }) => `${inside} of ${of}${counted.length > 1 ? ` (${escape_text(name)})` : ''}`,
  );
  return `The 90 % band holds ${each.join(', ')} observations.`;
}

function filter_sections({ steps, summary, time = 't' }: ReportInput): Section[] {
  const sections: Section[] = [];
  if (summary.gradient !== undefined) {
    sections.push({
      title: 'Gradient',
      caption: 'Of the log-likelihood with respect to the constrained parameters; sd over filters.',
      body: gradient_table(summary),
    });
  }
  if (steps !== undefined) {
    sections.push({
      title: 'Filter step by step',
      caption:
        'A row far less likely than its neighbours, or an effective sample size near zero, is where model and data disagree.',
      body: `<div class="stack">${step_panels(steps.steps, steps.particles, time).join('')}</div>`,
    });
  }
  return sections;
}

function population_section({ summary }: ReportInput): Section[] {
  const panels = population_panels(summary);
  if (panels.length === 0) return [];
  const legend = spread_legend(summary);
  return [
    {
      title: 'Health of the population',
      caption:
        'Per iteration. The dotted upright separates tempering from the posterior; ESS in the second colour: resampled. ' +
        `Spread: the population’s sd over the posterior’s, ${legend === '' ? 'a line per parameter.' : legend}`,
      body: `<div class="grid3">${panels.join('')}</div>`,
    },
  ];
}
