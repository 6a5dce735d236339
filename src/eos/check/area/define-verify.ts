import { z } from 'zod'
import type { JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import { passUnless, type Verdict } from '../../../model/verdict.ts'
import type { Reply } from '../../device/device.ts'
import { answersIn } from '../answer/answers-in.ts'
import type { Answer, AskedCommand } from '../answer/show.ts'
import type { CheckContext, PromptCheck } from './define.ts'

/** A verdict, or what is wrong: it passes if that is nothing. */
export type Judgement = Verdict | readonly string[]

type Answers<Q extends readonly AskedCommand[]> = { readonly [K in keyof Q]: Answer<Q[K]> }

// The inputs of a check: a shape has those members and no other.
type Inputs = z.ZodType | z.ZodRawShape
type SchemaOf<I extends Inputs> = I extends z.ZodType
  ? I
  : I extends z.ZodRawShape
    ? z.ZodObject<I, z.core.$strict>
    : never
type Given<I extends Inputs> = z.output<SchemaOf<I>>

// Schemas are thunks, so that nothing is made of a check that nobody asks for.
interface Verification<I extends Inputs, Q extends readonly AskedCommand[]> {
  readonly name: `Verify${string}`
  readonly categories?: readonly string[]
  readonly summary: string
  readonly docs: string
  readonly example?: JsonObject
  readonly input?: () => I
  // An answer of another shape is an error, never a pass.
  readonly asks: Q | ((input: Given<I>) => Q)
  readonly judge: (input: Given<I>, answers: Answers<Q>, context: CheckContext) => Judgement
  // The secrets that its messages may quote; as {@link PromptCheck} has them.
  readonly secrets?: (input: Given<I>, replies: readonly Reply[]) => readonly string[]
}

function schemaOf<I extends Inputs>(inputs: I) {
  return (inputs instanceof z.ZodType ? inputs : z.strictObject(inputs)) as SchemaOf<I>
}

export function defineVerify<I extends Inputs, const Q extends readonly AskedCommand[]>({
  // A definition without inputs has no other type of them to infer.
  input = () => ({}) as I,
  asks,
  judge,
  ...rest
}: Verification<I, Q>): PromptCheck<SchemaOf<I>> {
  const schema = once(() => schemaOf(input()))
  const asked = (given: Given<I>): readonly AskedCommand[] => (typeof asks === 'function' ? asks(given) : asks)
  return Object.freeze({
    ...rest,
    get input() {
      return schema()
    },
    commands: (given: Given<I>) => asked(given).map(({ command }) => command),
    judge: (given: Given<I>, replies: readonly Reply[], context: CheckContext) => {
      const shown = asked(given)
      const verdict = answersIn(shown, replies, (answers) => {
        const judged = judge(given, answers as Answers<Q>, context)
        return 'status' in judged ? judged : passUnless(judged)
      })
      return naming(verdict, shown)
    },
  })
}

function naming(verdict: Verdict, asked: readonly AskedCommand[]) {
  if (verdict.status !== 'error' || verdict.reason.includes('`')) return verdict
  return { ...verdict, reason: `${asked.map(({ command }) => `\`${command.cmd}\``).join(', ')}: ${verdict.reason}` }
}
