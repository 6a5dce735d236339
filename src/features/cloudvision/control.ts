export interface AskedSwitch {
  readonly name: string
  readonly serial: string
}

export type ChangeControlStanding = 'running' | 'unclear' | 'scheduled'

export interface FoundChangeControl {
  readonly id: string
  readonly name?: string
  readonly standing: ChangeControlStanding
  readonly devices: readonly string[]
  readonly at?: string
}

export interface CloudVisionReading {
  readonly known: readonly string[]
  readonly controls: readonly FoundChangeControl[]
  readonly unidentified?: { readonly switches: readonly string[]; readonly control: string }
}

export function unidentifiedWords({ switches, control }: NonNullable<CloudVisionReading['unidentified']>): string {
  return `its inventory has no switch of the name ${switches.join(', ')}, of which the serial number is not known, and the change control ${control} runs on a switch that may be this one`
}

export interface CloudVisionPort {
  readonly whenAway: 'refuse' | 'warn'
  /** For so many milliseconds an answer holds for the switches of a wave that are pushed later. */
  readonly keptFor: number
  /** Asks about switches; some seconds. Throws EosflowError, `protocol` where what it answers is not as its published schemas say. */
  ask(switches: readonly AskedSwitch[], signal: AbortSignal): Promise<CloudVisionReading>
}

export function isInTheWay({ standing }: Pick<FoundChangeControl, 'standing'>): boolean {
  return standing !== 'scheduled'
}
