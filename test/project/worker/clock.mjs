/**
 * Loaded before a program: its wall clock is EOSFLOW_TEST_CLOCK_OFF milliseconds off, and from SIGUSR2 on EOSFLOW_TEST_CLOCK_LATER. Whoever waits for
 * a minute waits for half a second.
 */
const Real = Date
const now = Real.now.bind(Real)
let off = Number(process.env.EOSFLOW_TEST_CLOCK_OFF ?? 0)
process.on('SIGUSR2', () => {
  off = Number(process.env.EOSFLOW_TEST_CLOCK_LATER ?? 0)
})
Real.now = () => now() + off
globalThis.Date = new Proxy(Real, {
  construct: (target, args, by) => Reflect.construct(target, args.length === 0 ? [Real.now()] : args, by),
})

const MINUTE = 60_000
const { setTimeout: later } = globalThis
globalThis.setTimeout = (act, milliseconds, ...rest) =>
  later(act, milliseconds === MINUTE ? 500 : milliseconds, ...rest)
