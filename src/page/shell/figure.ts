/** The figures of a scene as a file. */

/** SVG of all drawings of the scene as they stand, with the colours that they have now; clouds of points, which must have been drawn in this moment, are pictures in it. */
export function figure_text(figures: HTMLElement): string {
  const box = figures.getBoundingClientRect();
  const parts: string[] = [];
  for (const one of figures.querySelectorAll<SVGSVGElement | HTMLCanvasElement>('svg, canvas')) {
    if (one.parentElement?.closest('svg')) continue;
    const { x, y, width, height } = one.getBoundingClientRect();
    const at = `x="${x - box.x}" y="${y - box.y}" width="${width}" height="${height}"`;
    if (one instanceof HTMLCanvasElement) parts.push(`<image ${at} href="${one.toDataURL()}"/>`);
    else parts.push(with_colours(one, at));
  }
  const size = `width="${box.width}" height="${box.height}"`;
  // Colours are of light or of dark, and a viewer knows nothing of that.
  const ground = `<rect ${size} fill="${getComputedStyle(document.body).backgroundColor}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${box.width} ${box.height}">${ground}${parts.join('')}</svg>`;
}

const painted = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'fill-opacity',
  'stroke-dasharray',
  // Points are lines of no length, which are seen by their ends.
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'font',
] as const;

function with_colours(drawing: SVGSVGElement, at: string): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [drawing.querySelectorAll('*'), copy.querySelectorAll<SVGElement>('*')];
  from.forEach((one, i) => {
    const style = getComputedStyle(one);
    for (const name of painted) to[i]?.style.setProperty(name, style.getPropertyValue(name));
  });
  const view = drawing.getAttribute('viewBox') ?? '';
  return `<svg ${at} viewBox="${view}">${copy.innerHTML}</svg>`;
}

/** Pixels of the picture for one of the page: as fine as paper wants it. */
const fineness = 2;

/** A PNG of that text. @throws where the browser cannot draw it */
export async function figure_picture(text: string, figures: HTMLElement): Promise<Blob> {
  const { width, height } = figures.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: Math.round(fineness * width), height: Math.round(fineness * height) });
  const context = canvas.getContext('2d');
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    if (!context) throw new Error('this browser gives no canvas');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(url);
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png'),
  );
}
