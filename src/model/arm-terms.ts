/** What was proven of an EOS version on a lab switch, as a person has committed it to the settings. */
export interface LabProofs {
  /** `configure lock` keeps others out, and ends with the request that took it. */
  readonly lock?: boolean | undefined
  /** `false`: this version is known not to be able to. */
  readonly replay?: boolean | undefined
  /** An empty config session stays until it is aborted, and a request that shows one that is gone does nothing of what follows. */
  readonly owner?: boolean | undefined
}

export type ReplayCheck = 'demand' | 'warn' | 'off'

export interface ArmTerms {
  readonly replayCheck: ReplayCheck
  readonly configureLock: boolean
  /** Whether a change keeps an owner session on each switch whose version is proven to heed it (ADR 84). */
  readonly ownerSession: boolean
  /** By EOS version, as `show version` prints it. */
  readonly proven: Readonly<Record<string, LabProofs>>
}

export const DEFAULT_ARM_TERMS: ArmTerms = {
  replayCheck: 'demand',
  configureLock: false,
  ownerSession: false,
  proven: {},
}

/** Whether the timed commit of a switch with this EOS version is sent under `configure lock`. */
export function locksOn({ configureLock, proven }: ArmTerms, eos: string): boolean {
  return configureLock || proven[eos]?.lock === true
}

/** How the replay check is judged on this EOS version: one that is known not to replay is warned of. */
export function replayCheckOn({ replayCheck, proven }: ArmTerms, eos: string): ReplayCheck {
  return replayCheck === 'demand' && proven[eos]?.replay === false ? 'warn' : replayCheck
}

/** Whether a switch with this EOS version is changed under an owner session: where it is wanted, and proven of this version. */
export function ownsOn({ ownerSession, proven }: ArmTerms, eos: string): boolean {
  return ownerSession && proven[eos]?.owner === true
}
