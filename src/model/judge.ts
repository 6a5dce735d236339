/** Where an outside judge is asked: a service of the settings, as a plan holds it. */
export interface JudgedService {
  /** Its name in the settings. */
  readonly service: string
  /** The address that `/api/v1/` is put behind. */
  readonly url: string
  /** Seconds between two samples of it. */
  readonly scrape: number
}

/** Which part of an answer is about which switch. */
export interface JudgeSubject {
  /** The label that names the switch; absent where the answer is about the network as a whole. */
  readonly by?: string
  /** The values of that label for each switch, where there is a label. */
  readonly switches?: Readonly<Record<string, readonly string[]>>
  /** What it says is reported and decides nothing. */
  readonly mode?: 'observe'
}

/** A query of Prometheus that is asked in every round, with all values filled in. Plain data of a plan. */
export interface QueryJudge extends JudgedService, JudgeSubject {
  readonly judge: 'prometheus'
  readonly query: string
  /** A JSONata expression over `value`, `before` and `labels` that must be true of every series. */
  readonly good: string
  /** What it means that there is no series of a switch, or that one is gone that was there before. */
  readonly empty: 'fail' | 'pass' | 'cannot-judge'
  /** Seconds that the newest sample may be old. */
  readonly maxAge: number
  /** Seconds that the query looks back from when it is asked. */
  readonly window: number
}

/** No alert may fire with these labels that did not before the change. Plain data of a plan. */
export interface AlertJudge extends JudgedService, JudgeSubject {
  readonly judge: 'alerts'
  readonly labels: Readonly<Record<string, string>>
}

/** An outside judge, as the digest of a plan covers it. */
export type JudgeSpec = QueryJudge | AlertJudge

/** How a judge is called in records and reports. */
export function judgeName({ judge, service }: Pick<JudgeSpec, 'judge' | 'service'>): string {
  return `${judge} ${service}`
}

/** What the value of a label says of a switch where a port is behind it: `leaf1:9116`, `[2001:db8::1]:9116`. What has no port is as it is. */
export function withoutPort(value: string): string {
  const { inside, host } = /^(?:\[(?<inside>.*)\](?::\d{1,5})?|(?<host>[^:]+):\d{1,5})$/.exec(value)?.groups ?? {}
  return inside ?? host ?? value
}
