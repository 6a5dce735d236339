import type { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { passUnless, type Verdict } from '../../../model/error.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'
import { type Answer, type AskedCommand, answersIn } from '../answer/show.ts'
import { type Inputs, type SchemaOf, schemaOf } from '../input/words.ts'

export interface CheckContext {
  readonly device: string
  /** When the answers are judged, in seconds since the epoch; absent: not known, and no age can be told. */
  readonly now?: number
  /** The state areas that the snapshot read before the change, by area name. */
  readonly baseline: Readonly<Record<string, Json>>
}

export interface Check<I extends z.ZodType = z.ZodType> {
  /** The name that a workflow or catalog uses: `vlans-present`, `VerifyMlagStatus`. */
  readonly name: string
  readonly summary: string
  readonly docs: string
  /** The ANTA module that a catalog finds it in, for example `routing.bgp`; absent for a check of eosflow's own. */
  readonly module?: string
  readonly categories?: readonly string[]
  readonly example?: JsonObject
  readonly input: I
  readonly needs?: string
  commands(input: z.output<I>): readonly Command[]
  /** `replies` are the answers, one per command. A refused command is a Reply that is not ok, never a pass. */
  judge(input: z.output<I>, replies: readonly Reply[], context: CheckContext): Verdict | Promise<Verdict>
  secrets?(input: z.output<I>, replies: readonly Reply[]): readonly string[]
}

export interface PromptCheck<I extends z.ZodType = z.ZodType> extends Check<I> {
  judge(input: z.output<I>, replies: readonly Reply[], context: CheckContext): Verdict
}

export const defineCheck = <I extends z.ZodType>(check: PromptCheck<I>): PromptCheck<I> => Object.freeze(check)

/** A verdict, or what is wrong: it passes if that is nothing. */
export type Judgement = Verdict | readonly string[]

type Asked = AskedCommand | readonly AskedCommand[]
type EachAnswer<Q extends readonly AskedCommand[]> = { readonly [K in keyof Q]: Answer<Q[K]> }
type Answers<Q extends Asked> = Q extends AskedCommand
  ? Answer<Q>
  : Q extends readonly AskedCommand[]
    ? EachAnswer<Q>
    : never
type Given<I extends Inputs> = z.output<SchemaOf<I>>

// Schemas are thunks, so that nothing is made of a check that nobody asks for.
interface Verification<I extends Inputs, Q extends Asked> {
  readonly categories?: readonly string[]
  readonly summary: string
  readonly docs: string
  readonly example?: JsonObject
  readonly input?: () => I
  // An answer of another shape is an error, never a pass.
  readonly asks: Q | ((input: Given<I>) => Q)
  readonly judge: (answers: Answers<Q>, input: Given<I>, context: CheckContext) => Judgement
  // The secrets that its messages may quote; as {@link PromptCheck} has them.
  readonly secrets?: (input: Given<I>, replies: readonly Reply[]) => readonly string[]
}

/** A check of the catalogue, which its file exports under its name. */
export function defineVerify<I extends Inputs, const Q extends Asked>({
  // A definition without inputs has no other type of them to infer.
  input = () => ({}) as I,
  asks,
  judge,
  ...rest
}: Verification<I, Q>): Omit<PromptCheck<SchemaOf<I>>, 'name'> {
  const schema = once(() => schemaOf(input()))
  const asked = (given: Given<I>): Asked => (typeof asks === 'function' ? asks(given) : asks)
  return Object.freeze({
    ...rest,
    get input() {
      return schema()
    },
    commands: (given) => [asked(given)].flat().map(({ command }) => command),
    judge: (given, replies: readonly Reply[], context: CheckContext) => {
      const shown = asked(given)
      const all = [shown].flat()
      const verdict = answersIn(all, replies, (answers) => {
        const judged = judge((shown === all[0] ? answers[0] : answers) as Answers<Q>, given, context)
        return 'status' in judged ? judged : passUnless(judged)
      })
      return naming(verdict, all)
    },
  })
}

function naming(verdict: Verdict, asked: readonly AskedCommand[]) {
  if (verdict.status !== 'error' || verdict.reason.includes('`')) return verdict
  return { ...verdict, reason: `${asked.map(({ command }) => `\`${command.cmd}\``).join(', ')}: ${verdict.reason}` }
}
