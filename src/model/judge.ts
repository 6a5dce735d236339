export interface JudgedService {
  readonly service: string
  readonly url: string
  readonly scrape: number
}

export interface JudgeSubject {
  /** The label that names the switch; absent where the answer is about the network as a whole. */
  readonly by?: string
  readonly switches?: Readonly<Record<string, readonly string[]>>
  readonly mode?: 'observe'
}

export interface QueryJudge extends JudgedService, JudgeSubject {
  readonly judge: 'prometheus'
  readonly query: string
  /** A JSONata expression over `value`, `before` and `labels` that must be true of every series. */
  readonly good: string
  /** What it means that there is no series of a switch, or that one is gone that was there before. */
  readonly empty: 'fail' | 'pass' | 'cannot-judge'
  readonly maxAge: number
  readonly window: number
}

export interface AlertJudge extends JudgedService, JudgeSubject {
  readonly judge: 'alerts'
  readonly labels: Readonly<Record<string, string>>
}

export type JudgeSpec = QueryJudge | AlertJudge

/** The content of a plan, as far as it is about judges. */
export interface JudgedContent {
  readonly judges?: readonly JudgeSpec[]
}

export function judgesIn(content: object): readonly JudgeSpec[] {
  return (content as JudgedContent).judges ?? []
}

export function judgeName({ judge, service }: Pick<JudgeSpec, 'judge' | 'service'>): string {
  return `${judge} ${service}`
}

/** What the value of a label says of a switch where a port is behind it: `leaf1:9116`, `[2001:db8::1]:9116`. */
export function withoutPort(value: string): string {
  const { inside, host } = /^(?:\[(?<inside>.*)\](?::\d{1,5})?|(?<host>[^:]+):\d{1,5})$/.exec(value)?.groups ?? {}
  return inside ?? host ?? value
}
