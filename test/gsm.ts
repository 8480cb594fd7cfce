/** A decoder of GSM 06.10, the codec of the prompts, in floating point: a test needs no sox to know how loud they are. */

/**
 * How loud the speech in Asterisk's core sounds is, in dB below full scale: the median of the 335 English and 303 Russian
 * files of 0.8 s and longer in Debian's asterisk-core-sounds-{en,ru}-gsm 1.6.1. core-sounds.test.ts measures it again.
 */
export const coreSpeechLevel = { en: -18.4, ru: -19.7 } as const;

export const frameBytes = 33;
export const framesPerSecond = 50;
const blocks = 4;
const blockSamples = 40;

// How the eight logarithmic area ratios are packed and quantised (GSM 06.10, table 4.1).
const areaBits = [6, 6, 5, 5, 4, 4, 3, 3];
const areaScale = [20, 20, 20, 20, 13.637, 15, 8.334, 8.824];
const areaOffset = [0, 0, 4, -5, 0.184, -3.5, -0.666, -2.235];
const areaLeast = [-32, -32, -16, -16, -8, -8, -4, -4];
const longTermGain = [0.1, 0.35, 0.65, 1];
/** Up to which sample of a frame how much of the ratios is still the last frame's. */
const fades = [
  [13, 0.75],
  [27, 0.5],
  [40, 0.25],
  [160, 0],
] as const;

/** From whole GSM frames to samples between -1 and 1, 8000 a second. */
export function decodeGsm(gsm: Buffer): Float64Array {
  const samples = new Float64Array((gsm.length / frameBytes) * blocks * blockSamples);
  const state = {
    areas: areaBits.map(() => 0),
    residual: new Float64Array(120),
    lag: 40,
    lattice: new Float64Array(9),
  };
  let emphasis = 0;
  for (let frame = 0; frame * frameBytes < gsm.length; frame++) {
    const read = bitReader(gsm.subarray(frame * frameBytes, (frame + 1) * frameBytes));
    if (read(4) !== 0xd) throw new Error(`no GSM frame at byte ${frame * frameBytes}`);
    const areas = areaBits.map((bits, i) => (read(bits) + at(areaLeast, i) - at(areaOffset, i)) / at(areaScale, i));
    const excitation = Array.from({ length: blocks }, () => longTerm(read, state)).flat();
    let from = 0;
    for (const [to, last] of fades) {
      const faded = areas.map((area, i) => last * at(state.areas, i) + (1 - last) * area);
      const reflections = faded.map(reflection);
      for (let i = from; i < to; i++) {
        emphasis = shortTerm(at(excitation, i), reflections, state.lattice) + 0.86 * emphasis;
        samples[frame * blocks * blockSamples + i] = (2 * emphasis) / 32768;
      }
      from = to;
    }
    state.areas = areas;
  }
  return samples;
}

/** The level of each frame, in dB below full scale. */
export function frameLevels(samples: Float64Array): number[] {
  const length = blocks * blockSamples;
  return Array.from({ length: Math.floor(samples.length / length) }, (_, frame) =>
    decibels(samples.subarray(frame * length, (frame + 1) * length).reduce((sum, one) => sum + one * one, 0) / length),
  );
}

/** The level while somebody speaks: of the frames that are less than 30 dB below the loudest. */
export function speechLevel(levels: readonly number[]): number {
  const spoken = levels.filter((level) => level > Math.max(...levels) - 30);
  return decibels(spoken.reduce((sum, level) => sum + 10 ** (level / 10), 0) / spoken.length);
}

function decibels(power: number): number {
  return 10 * Math.log10(power + 1e-12);
}

/** One block of what drives the filter: regular pulses, and what was there a pitch period ago. */
function longTerm(read: (bits: number) => number, state: { residual: Float64Array; lag: number }): number[] {
  const lag = read(7);
  const gain = at(longTermGain, read(2));
  const grid = read(2);
  const amplitude = pulseAmplitude(read(6));
  const pulses = new Float64Array(blockSamples);
  for (let i = 0; i < 13; i++) pulses[grid + 3 * i] = (2 * read(3) - 7) * amplitude;
  if (lag >= 40 && lag <= 120) state.lag = lag;
  const block = Array.from(pulses, (pulse, i) => pulse + gain * at(state.residual, 120 - state.lag + i));
  state.residual = Float64Array.from([...state.residual.subarray(blockSamples), ...block]);
  return block;
}

function pulseAmplitude(code: number): number {
  let exponent = code > 15 ? (code >> 3) - 1 : 0;
  let mantissa = code - (exponent << 3);
  if (mantissa === 0) [exponent, mantissa] = [-4, 7];
  else {
    for (; mantissa <= 7; exponent--) mantissa = (mantissa << 1) | 1;
    mantissa -= 8;
  }
  return 4 * (mantissa + 9) * 2 ** exponent;
}

function reflection(area: number): number {
  const size = Math.abs(area);
  if (size < 0.675) return area;
  return Math.sign(area) * (size < 1.225 ? 0.5 * size + 0.3375 : Math.min(0.125 * size + 0.796875, 1));
}

function shortTerm(input: number, reflections: number[], lattice: Float64Array): number {
  let output = input;
  for (let i = 7; i >= 0; i--) {
    output -= at(reflections, i) * at(lattice, i);
    lattice[i + 1] = at(lattice, i) + at(reflections, i) * output;
  }
  lattice[0] = output;
  return output;
}

function bitReader(bytes: Buffer): (bits: number) => number {
  let position = 0;
  return (bits) => {
    let value = 0;
    for (let i = 0; i < bits; i++, position++)
      value = (value << 1) | ((at(bytes, position >> 3) >> (7 - (position & 7))) & 1);
    return value;
  };
}

function at(list: ArrayLike<number>, index: number): number {
  return list[index] ?? 0;
}
