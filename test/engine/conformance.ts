// What every engine promises (src/engine/types.ts), asked of each through clients of its own, as ranks have them.

import { expect, it } from 'vitest';
import { get_blob, put_blob, remove_blobs } from '../../src/engine/blobs.ts';
import { holder_of, take_lease } from '../../src/engine/lease.ts';
import { sleep } from '../../src/engine/sleep.ts';
import { type Claim, type Engine, most_bytes } from '../../src/engine/types.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => value && new TextDecoder().decode(value);

/** Until it is true, looked at often; what it is at the end where it never is. */
export async function eventually(is_true: () => boolean | Promise<boolean>, patience = 10_000): Promise<void> {
  const end = performance.now() + patience;
  while (!(await is_true())) {
    if (performance.now() > end) throw new Error(`not within ${patience} ms: ${is_true}`);
    await sleep(20);
  }
}

/** @param connect a new client of the engine of this test file @param hold milliseconds for which it holds claims */
export function conforms(connect: () => Promise<Engine>, hold: number): void {
  let tests = 0;
  /** Keys of its own for every test. */
  const key = (name: string) => `t${tests}.${name}`;
  const with_two = async (run: (a: Engine, b: Engine) => Promise<void>) => {
    tests += 1;
    const [a, b] = [await connect(), await connect()];
    try {
      await run(a, b);
    } finally {
      await a.close();
      await b.close();
    }
  };

  it('a value is what was put last, for everybody, with a version that grows', () =>
    with_two(async ({ store }, { store: other }) => {
      expect(await store.get(key('x'))).toBeUndefined();
      const first = await store.put(key('x'), bytes('one'));
      const second = await store.put(key('x'), bytes('two'));
      expect(second).toBeGreaterThan(first as number);
      const entry = await other.get(key('x'));
      expect([text(entry?.value), entry?.version]).toEqual(['two', second]);
    }));

  it('a write by version is refused where the version is another', () =>
    with_two(async ({ store }, { store: other }) => {
      const first = (await store.put(key('x'), bytes('a'), 0)) as number;
      expect(await other.put(key('x'), bytes('b'), 0)).toBeUndefined();
      const second = (await other.put(key('x'), bytes('b'), first)) as number;
      expect(await store.put(key('x'), bytes('c'), first)).toBeUndefined();
      expect(text((await store.get(key('x')))?.value)).toBe('b');
      expect(await store.put(key('x'), bytes('c'), second)).toBeGreaterThan(second);
    }));

  it('of many writers at once exactly one has each version', () =>
    with_two(async ({ store }, { store: other }) => {
      let version = (await store.put(key('n'), bytes('0'), 0)) as number;
      for (let round = 0; round < 5; round++) {
        const tries = await Promise.all(
          Array.from({ length: 8 }, (_, i) => (i % 2 ? store : other).put(key('n'), bytes(`${round}-${i}`), version)),
        );
        const won = tries.filter((v) => v !== undefined);
        expect(won.length).toBe(1);
        version = won[0] as number;
      }
    }));

  it('what is removed is gone, and may be made again', () =>
    with_two(async ({ store }, { store: other }) => {
      await store.put(key('x'), bytes('a'));
      await other.remove(key('x'));
      await other.remove(key('never'));
      expect(await store.get(key('x'))).toBeUndefined();
      expect(await store.put(key('x'), bytes('b'), 0)).toBeGreaterThan(0);
    }));

  it('keys are those below the prefix', () =>
    with_two(async ({ store }) => {
      for (const name of ['a.1', 'a.2', 'ab.1', 'b']) await store.put(key(name), bytes(name));
      await store.remove(key('a.2'));
      await store.put(key('a.3.x'), bytes(''));
      expect((await store.keys(key('a'))).toSorted()).toEqual([key('a.1'), key('a.3.x')]);
      expect(await store.keys(key('none'))).toEqual([]);
    }));

  it('a watch begins with what is there and goes on with what changes', () =>
    with_two(async ({ store }, { store: other }) => {
      await store.put(key('w.old'), bytes('1'));
      for (const name of ['w.gone', 'w.never']) await store.remove(key(name));
      await store.put(key('w.gone'), bytes('1'));
      await store.remove(key('w.gone'));
      const seen = new Map<string, string | undefined>();
      const stop = await other.watch(key('w'), (name, entry) => seen.set(name, text(entry?.value)));
      await eventually(() => seen.get(key('w.old')) === '1');
      await store.put(key('w.new'), bytes('2'));
      await store.put(key('x'), bytes('3'));
      await eventually(() => seen.get(key('w.new')) === '2');
      await store.remove(key('w.old'));
      await eventually(() => seen.has(key('w.old')) && seen.get(key('w.old')) === undefined);
      stop();
      expect([...seen.keys()].toSorted()).toEqual([key('w.new'), key('w.old')]);
    }));

  it('bytes come back as they were, none and a message full of them', () =>
    with_two(async ({ store }, { store: other }) => {
      for (const length of [0, 1, 65_537, most_bytes]) {
        const value = Uint8Array.from({ length }, (_, i) => (i * 2654435761) >>> 24);
        await store.put(key('v'), value);
        expect(Buffer.compare((await other.get(key('v')))?.value as Uint8Array, value)).toBe(0);
      }
      await expect(async () => store.put(key('v'), new Uint8Array(most_bytes + 1))).rejects.toThrow(
        'more than a message holds',
      );
    }));

  it.each(['', '.a', 'a b', 'a.', 'a/b', 'ä', '*', 'a.>'])('"%s" is no key', (name) =>
    with_two(async ({ store }) => {
      await expect(async () => store.put(name, bytes(''))).rejects.toThrow('is no key');
    }),
  );

  it('a blob of any size comes back, and is written anew and removed whole', () =>
    with_two(async ({ store }, { store: other }) => {
      for (const length of [0, 1_100_000, 200, 3_000_001]) {
        const blob = Uint8Array.from({ length }, (_, i) => (i * 2654435761 + length) >>> 24);
        await put_blob(store, key('blob.a'), blob);
        expect(Buffer.compare((await get_blob(other, key('blob.a'))) as Uint8Array, blob)).toBe(0);
      }
      await remove_blobs(other, key('blob'));
      expect(await get_blob(store, key('blob.a'))).toBeUndefined();
      expect(await store.keys(`chunk.${key('blob')}`)).toEqual([]);
    }));

  it.each([20, 1_100_000])('a damaged blob of %i bytes is not handed out', (length) =>
    with_two(async ({ store }) => {
      await put_blob(store, key('blob'), new Uint8Array(length).fill(7));
      const [place = `blob.${key('blob')}`] = await store.keys(`chunk.${key('blob')}`);
      const value = Uint8Array.from((await store.get(place))?.value ?? []);
      value[value.length - 1] = 8;
      await store.put(place, value);
      await expect(get_blob(store, key('blob'))).rejects.toThrow('damaged');
    }),
  );

  it('jobs are claimed in their order, one worker each, and done once', () =>
    with_two(async ({ jobs }, { jobs: other }) => {
      for (const name of ['a', 'b', 'c']) expect(await jobs.submit(key(name), bytes(name))).toBe(true);
      expect(await other.submit(key('b'), bytes('again'))).toBe(false);
      const claims = [await jobs.claim(2000), await other.claim(2000), await jobs.claim(2000)] as Claim[];
      expect(claims.map((claim) => claim.key)).toEqual(['a', 'b', 'c'].map(key));
      expect(claims.map((claim) => text(claim.body))).toEqual(['a', 'b', 'c']);
      expect(claims.map((claim) => claim.delivery)).toEqual([1, 1, 1]);
      for (const claim of claims) await claim.done();
      expect(await jobs.submit(key('a'), bytes('a'))).toBe(false);
      expect(await jobs.claim(1000)).toBeUndefined();
    }));

  it('a job given back, or not heard of in time, goes to another; one that is extended stays', () =>
    with_two(async ({ jobs }, { jobs: other }) => {
      await jobs.submit(key('back'), bytes(''));
      await (await jobs.claim(2000))?.give_back();
      const again = (await other.claim(2000)) as Claim;
      expect([again.key, again.delivery]).toEqual([key('back'), 2]);
      const nobody = jobs.claim(3 * hold);
      for (let n = 0; n < 9; n++) {
        await sleep(hold / 3);
        await again.extend();
      }
      expect(await nobody).toBeUndefined();
      const third = (await jobs.claim(3 * hold)) as Claim;
      expect([third.key, third.delivery]).toEqual([key('back'), 3]);
      await third.done();
    }));

  it('who waits for a job gets one as soon as it is there', () =>
    with_two(async ({ jobs }, { jobs: other }) => {
      const waiting = jobs.claim(10_000);
      await sleep(100);
      const started = performance.now();
      await other.submit(key('late'), bytes('now'));
      const claim = await waiting;
      expect(claim?.key).toBe(key('late'));
      expect(performance.now() - started).toBeLessThan(5000);
      await claim?.done();
    }));

  it('mail reaches who is there, a request its answer, and nobody is waited for longer than asked', () =>
    with_two(async ({ mail }, { mail: other }) => {
      const heard: string[] = [];
      const shut = await other.open(key('rank'), (message) => {
        heard.push(text(message) as string);
        return bytes(`${text(message)}!`);
      });
      await mail.send(key('rank'), bytes('news'));
      expect(text(await mail.request(key('rank'), bytes('how'), 5000))).toBe('how!');
      expect(heard).toEqual(['news', 'how']);
      const started = performance.now();
      expect(await mail.request(key('nobody'), bytes('?'), 300)).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(3000);
      shut();
      expect(await mail.request(key('rank'), bytes('?'), 300)).toBeUndefined();
    }));

  it('a lease is held by one, released for another, and taken when there is no news', () =>
    with_two(async ({ store }, { store: other }) => {
      const name = key('lease');
      const first = await take_lease(store, name, { holder: 'first', length: 800 });
      expect(first?.epoch).toBe(1);
      expect(await take_lease(other, name, { holder: 'second', length: 800 })).toBeUndefined();
      expect(await holder_of(other, name)).toBe('first');
      await first?.release();
      const second = await take_lease(other, name, { holder: 'second', length: 800 });
      expect(second?.epoch).toBe(2);
      // A holder that stops without a word: its key stands still.
      await store.put(key('silent'), bytes(JSON.stringify({ epoch: 7, holder: 'dead', length: 500, beat: 3 })));
      const taken = await take_lease(other, key('silent'), { holder: 'heir', length: 500 });
      expect(taken?.epoch).toBe(8);
      await second?.release();
      await taken?.release();
    }));

  it('an old holder learns from its next beat that another has the lease', () =>
    with_two(async ({ store }, { store: other }) => {
      const name = key('lease');
      const old = await take_lease(store, name, { holder: 'old', length: 800 });
      await other.put(name, bytes(JSON.stringify({ epoch: 2, holder: 'new', length: 800, beat: 0 })));
      await eventually(() => old?.lost.aborted === true, 5000);
      expect(String(old?.lost.reason)).toContain('was taken by new');
    }));
}
