/** A switch as CloudVision is asked about it. */
export interface AskedSwitch {
  readonly name: string
  /** What `show version` gives; empty where it gives none. */
  readonly serial: string
}

/**
 * How far a change control is. `running`: it carries out changes now. `unclear`: it was started, and CloudVision does not say whether it has ended.
 * `scheduled`: it is to begin later.
 */
export type ChangeControlStanding = 'running' | 'unclear' | 'scheduled'

/** A change control that is about switches of ours, or that runs and does not say which switches it is about. */
export interface FoundChangeControl {
  readonly id: string
  readonly name?: string
  readonly standing: ChangeControlStanding
  /** Our names of them. Empty: it does not say on which switches it runs. */
  readonly devices: readonly string[]
  /** When it is to begin, as CloudVision writes it. */
  readonly at?: string
}

/** What CloudVision says about switches. */
export interface CloudVisionReading {
  /** Those that its inventory has, by our names. */
  readonly known: readonly string[]
  readonly controls: readonly FoundChangeControl[]
  /**
   * Switches whose id in CloudVision nobody knows, and a change control that runs, or may run, on an id that is none of ours: it may be one of theirs.
   * Absent: there are none of both.
   */
  readonly unidentified?: { readonly switches: readonly string[]; readonly control: string }
}

/** Why it is not known whether a change control runs on switches, in one sentence. */
export function unidentifiedWords({ switches, control }: NonNullable<CloudVisionReading['unidentified']>): string {
  return `its inventory has no switch of the name ${switches.join(', ')}, of which the serial number is not known, and the change control ${control} runs on a switch that may be this one`
}

/** CloudVision, where the settings name one. */
export interface CloudVisionPort {
  /** What becomes of a change where nothing that can be relied on is heard: it is refused, or goes on with a warning. */
  readonly whenAway: 'refuse' | 'warn'
  /** For so many milliseconds an answer holds for the switches of a wave that are pushed later. */
  readonly keptFor: number
  /** Asks about switches; some seconds. Throws EosflowError, `protocol` where what it answers is not as its published schemas say. */
  ask(switches: readonly AskedSwitch[], signal: AbortSignal): Promise<CloudVisionReading>
}

/** Whether a change control keeps switches from being changed: it runs, or may run. */
export function isInTheWay({ standing }: Pick<FoundChangeControl, 'standing'>): boolean {
  return standing !== 'scheduled'
}
