/** Ranks around a circle, and lines between those that have met lately: as wide as the part of their particles that was exchanged. */

import type { ExchangeEvent } from './events.ts';

export interface Ring {
  readonly element: SVGSVGElement;
  met(event: ExchangeEvent): void;
  /** @param segments that each rank has finished */
  draw(segments: readonly number[]): void;
}

/** Milliseconds for which a meeting is seen. */
const seen_for = 1200;
const [width, height, radius, node] = [270, 190, 66, 15];

export function create_ring(ranks: number, description: string): Ring {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  element.setAttribute('viewBox', `0 0 ${width} ${height}`);
  element.setAttribute('class', 'ring');
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', description);
  const last = new Map<string, ExchangeEvent & { at: number }>();
  const place = (rank: number) => {
    const angle = (2 * Math.PI * rank) / ranks - Math.PI / 2;
    return [width / 2 + radius * Math.cos(angle), height / 2 + radius * Math.sin(angle)] as const;
  };
  return {
    element,
    met(event) {
      last.set(`${Math.min(event.rank, event.other)} ${Math.max(event.rank, event.other)}`, {
        ...event,
        at: performance.now(),
      });
    },
    draw(segments) {
      const now = performance.now();
      const lines = [...last.values()].map(({ rank, other, part, at }) => {
        const [[x1, y1], [x2, y2]] = [place(rank), place(other)];
        const fresh = Math.max(0.12, 1 - (now - at) / seen_for);
        const wide = part > 0 ? 1.5 + 8 * part : 0.8;
        return `<path class="meeting" d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" stroke-width="${wide.toFixed(1)}" stroke-opacity="${fresh.toFixed(2)}"/>`;
      });
      const nodes = segments.map((done, rank) => {
        const [x, y] = place(rank);
        const at = `x="${x.toFixed(1)}" text-anchor="middle"`;
        return `<circle class="rank${rank}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${node}"/><text class="number" ${at} y="${(y + 4.5).toFixed(1)}">${rank}</text><text ${at} y="${(y + node + 13).toFixed(1)}">${done}</text>`;
      });
      element.innerHTML = lines.join('') + nodes.join('');
    },
  };
}
