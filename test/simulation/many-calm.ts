import { CALM_MACHINES, type Machines } from '../../simulate/many/machines.ts'
import { CALM, type Planned, type Wanted } from '../../simulate/scenario.ts'

/** The draw of a freeze that lasts 27 s: longer than an owner may be silent. */
export const HALF_A_MINUTE = 0.6
/** The draw of one that lasts 62 s. */
export const A_MINUTE = 0.8
/** A freeze that lasts 80 s. */
export const EIGHTY_SECONDS = 0.87
/** The draw of somebody else who begins 3 s later. */
export const THREE_SECONDS = 0.99
/** The draw of a store that is away for two minutes. */
export const TWO_MINUTES = 0.9

/** What befalls a history behind the first moment of a kind. */
export const behind = (moment: string, what: Planned['what'], draw: number): Planned => ({
  moment: 0,
  behind: moment,
  what,
  which: 0,
  draw,
})

/** A history of one switch on many machines, in which only what is named befalls them. */
export function manyCalm(disturbances: readonly Planned[], machines: Partial<Machines> = {}): Wanted {
  return {
    many: true,
    switches: [{ name: 'sw1', eos: '4.31.4M' }],
    waves: [1],
    weather: CALM,
    approving: 'at once',
    expires: 3600,
    atomic: 'change',
    maxFailures: 0,
    cuts: false,
    faultsStop: 1500,
    redrives: false,
    rollsBack: false,
    ownerSession: false,
    machines: { ...CALM_MACHINES, ...machines },
    disturbances,
  }
}
