/** Objects as text, and that as bytes. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The same for equal objects, whatever the order of their names. */
export function to_text(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export const to_bytes = (value: unknown): Uint8Array => encoder.encode(to_text(value));

export const from_bytes = <T>(bytes: Uint8Array): T => JSON.parse(decoder.decode(bytes)) as T;
