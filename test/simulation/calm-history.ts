import { CALM, type Fixed } from '../../simulate/scenario.ts'

/** A history in which nothing befalls anybody: what a test sets beside it is all that happens. */
export const UNDISTURBED: Fixed = {
  weather: CALM,
  approving: 'at once',
  expires: 3600,
  transport: 'eapi',
  commits: 'alone',
  purpose: 'run',
  atomic: 'change',
  maxFailures: 0,
  cuts: false,
  faultsStop: 1500,
  redrives: false,
  rollsBack: false,
  hasPast: false,
  disturbances: [],
}

/** A calm change of one switch. */
export const ONE: Fixed = { ...UNDISTURBED, switches: [{ name: 'sw1', eos: '4.31.4M' }], waves: [1] }

/** A calm change of two switches, one after the other. */
export const TWO: Fixed = {
  ...UNDISTURBED,
  switches: [
    { name: 'sw1', eos: '4.31.4M' },
    { name: 'sw2', eos: '4.32.2F' },
  ],
  waves: [1],
}
