const MULTIPLIER = 0x5deece66dn
const INCREMENT = 0xbn
const MASK = (1n << 48n) - 1n

/**
 * The first number in [0, 1) that `new java.util.Random(seed).nextDouble()` gives (Java SE API, class Random: a linear
 * congruential generator of 48 bits). AWS draws `$random(seed)` from it: seed 42 is 0.7275636800328681.
 */
export function javaRandom(seed: number): number {
  const first = step(BigInt.asUintN(48, BigInt(Math.trunc(seed))) ^ MULTIPLIER)
  const second = step(first)
  return (Number(first >> 22n) * 2 ** 27 + Number(second >> 21n)) * 2 ** -53
}

function step(state: bigint): bigint {
  return (state * MULTIPLIER + INCREMENT) & MASK
}
