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

// Schemas are thunks, so that nothing is made of a check that nobody asks for.
interface Verification<I extends z.ZodType, Q extends readonly AskedCommand[]> {
  readonly name: `Verify${string}`
  readonly categories?: readonly string[]
  readonly summary: string
  readonly docs: string
  readonly example?: JsonObject
  readonly input?: () => I
  // An answer of another shape is an error, never a pass.
  readonly asks: Q | ((input: z.output<I>) => Q)
  readonly judge: (input: z.output<I>, answers: Answers<Q>, context: CheckContext) => Judgement
  // The secrets that its messages may quote; as {@link PromptCheck} has them.
  readonly secrets?: (input: z.output<I>, replies: readonly Reply[]) => readonly string[]
}

// A definition without inputs has no other type of them to infer.
const noInput = <I extends z.ZodType>(): I => z.strictObject({}) as unknown as I

export function defineVerify<I extends z.ZodType, const Q extends readonly AskedCommand[]>({
  input = noInput<I>,
  asks,
  judge,
  ...rest
}: Verification<I, Q>): PromptCheck<I> {
  const schema = once(input)
  const asked = (given: z.output<I>): readonly AskedCommand[] => (typeof asks === 'function' ? asks(given) : asks)
  return Object.freeze({
    ...rest,
    get input() {
      return schema()
    },
    commands: (given: z.output<I>) => asked(given).map(({ command }) => command),
    judge: (given: z.output<I>, replies: readonly Reply[], context: CheckContext) => {
      const shown = asked(given)
      const verdict = answersIn(shown, replies, (answers) => {
        const judged = judge(given, answers as Answers<Q>, context)
        return 'status' in judged ? judged : passUnless(judged)
      })
      return naming(verdict, shown)
    },
  })
}

function naming(verdict: Verdict, asked: readonly AskedCommand[]): Verdict {
  if (verdict.status !== 'error' || verdict.reason.includes('`')) return verdict
  return { ...verdict, reason: `${asked.map(({ command }) => `\`${command.cmd}\``).join(', ')}: ${verdict.reason}` }
}
