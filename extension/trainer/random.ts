/** A stream of random numbers for one purpose and one step. */
export interface RandomNumbers {
  /** A uniform random number in [0, 1), with 53 random bits. */
  readonly uniform: () => number;
  /** A random unsigned integer of 32 bits. */
  readonly word: () => number;
  /** A random whole number in [0, n). */
  readonly integer: (n: number) => number;
  /** A sample of the normal distribution N(0, 1). */
  readonly normal: () => number;
  /** A new array with the elements in random order. */
  readonly shuffle: <T>(values: readonly T[]) => T[];
}

/**
 * Random numbers that depend on the arguments alone: the same (seed, stream, step) gives the same numbers at any time, in any process. A
 * run's random state is therefore its seed and its step, and resuming needs nothing else.
 *
 * The arguments are hashed by MurmurHash3's 32-bit rounds (Appleby 2011) into the state of sfc32 (Chris Doty-Humphrey's Small Fast Counting
 * generator, PractRand 2010), which is 32-bit integer arithmetic and thus the same on every machine.
 *
 * @param seed a whole number, up to 2^53 in size
 * @param stream the purpose of the numbers, such as `order` or `crop`: streams are independent of each other
 * @param counters the place in the training, for example the step and the item of the batch
 */
export function seededRandom(seed: number, stream: string, ...counters: readonly number[]): RandomNumbers {
  const next = sfc32(hashed(seed, stream, counters));
  const uniform = (): number => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53;
  const integer = (n: number): number => Math.floor(uniform() * n);
  let spare: number | null = null;
  return {
    uniform,
    word: next,
    integer,
    normal: () => {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      const [first, second] = normalPair(uniform);
      spare = second;
      return first;
    },
    shuffle: (values) => {
      const shuffled = [...values];
      // The Fisher-Yates shuffle, from the last element to the first.
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      return shuffled;
    },
  };
}

/**
 * Two normal random numbers by Box and Muller's transform in Marsaglia's polar form, which needs no sine and cosine: their last bits differ
 * between versions of V8.
 */
function normalPair(uniform: () => number): [number, number] {
  for (;;) {
    const x = 2 * uniform() - 1;
    const y = 2 * uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) {
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      return [x * scale, y * scale];
    }
  }
}

/** A 32-bit hash of a text, which depends on the seed and is the same on every machine. */
export function hashOfText(seed: number, text: string): number {
  const words = [seed | 0, Math.floor(seed / 2 ** 32) | 0];
  for (let i = 0; i < text.length; i++) words.push(text.charCodeAt(i));
  return murmur3(words, 0x9e3779b9) >>> 0;
}

type State = [number, number, number, number];

function sfc32([a, b, c, counter]: State): () => number {
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // sfc32's author advises to drop the first 12 outputs, because they still correlate with the seed.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** Four 32-bit hashes of the same words, each with a different initial value. */
function hashed(seed: number, stream: string, counters: readonly number[]): State {
  const words = [stream.length];
  for (let i = 0; i < stream.length; i++) words.push(stream.charCodeAt(i));
  // Each number becomes its low and its high 32 bits; `floor` keeps negative numbers distinct from positive ones.
  for (const number of [seed, ...counters]) words.push(number | 0, Math.floor(number / 2 ** 32) | 0);
  return [
    murmur3(words, 0x9e3779b9),
    murmur3(words, 0x243f6a88),
    murmur3(words, 0xb7e15162),
    murmur3(words, 0x5a827999),
  ];
}

function murmur3(words: readonly number[], start: number): number {
  let hash = start;
  for (const word of words) {
    let mixed = Math.imul(word, 0xcc9e2d51);
    mixed = (mixed << 15) | (mixed >>> 17);
    hash ^= Math.imul(mixed, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= 4 * words.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
