import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import type { JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Verdict } from '../../../model/verdict.ts'
import type { Reply } from '../../device/device.ts'
import { answersIn } from '../answer/answers-in.ts'
import type { CheckContext, PromptCheck } from './define.ts'

// Schemas are thunks, so that nothing is made of a check that nobody asks for.
interface Verification<I extends z.ZodType> {
  readonly name: `Verify${string}`
  readonly categories?: readonly string[]
  readonly summary: string
  readonly docs: string
  readonly example?: JsonObject
  readonly input?: () => I
  // Text commands say `format: 'text'`.
  readonly commands: (input: z.output<I>) => readonly Command[]
  // The secrets that its messages may quote; as {@link PromptCheck} has them.
  readonly secrets?: (input: z.output<I>, replies: readonly Reply[]) => readonly string[]
}

// A definition without inputs has no other type of them to infer.
const noInput = <I extends z.ZodType>(): I => z.strictObject({}) as unknown as I

type Answers<M extends readonly z.ZodType[]> = { readonly [K in keyof M]: z.output<M[K]> }

interface FixedVerification<I extends z.ZodType, M extends readonly z.ZodType[]> extends Verification<I> {
  // The shape of each answer, in the order of the commands. An answer of another shape is an error, never a pass.
  readonly answers: () => M
  readonly judge: (input: z.output<I>, answers: Answers<M>, context: CheckContext) => Verdict
}

interface RepeatedVerification<I extends z.ZodType, A extends z.ZodType> extends Verification<I> {
  readonly answer: () => A
  readonly judge: (input: z.output<I>, answers: readonly z.output<A>[]) => Verdict
}

export function defineVerify<I extends z.ZodType, const M extends readonly z.ZodType[]>(
  definition: FixedVerification<I, M>,
): PromptCheck<I> {
  const { answers, judge } = definition
  const models = once(answers)
  return check(definition, (input, replies, commands, context) =>
    answersIn(commands, replies, models(), (read) => judge(input, read as Answers<M>, context)),
  )
}

/** Fixes a catalogue check that asks its command once for each of its inputs. */
export function defineVerifyEach<I extends z.ZodType, A extends z.ZodType>(
  definition: RepeatedVerification<I, A>,
): PromptCheck<I> {
  const { answer, judge } = definition
  const model = once(answer)
  return check(definition, (input, replies, commands) =>
    answersIn(commands, replies, commands.map(model), (read) => judge(input, read as readonly z.output<A>[])),
  )
}

function check<I extends z.ZodType>(
  { name, categories, summary, docs, example, input = noInput<I>, commands, secrets }: Verification<I>,
  judge: (
    input: z.output<I>,
    replies: readonly Reply[],
    commands: readonly Command[],
    context: CheckContext,
  ) => Verdict,
): PromptCheck<I> {
  const schema = once(input)
  return Object.freeze({
    name,
    ...(categories === undefined ? {} : { categories }),
    summary,
    docs,
    ...(example === undefined ? {} : { example }),
    ...(secrets === undefined ? {} : { secrets }),
    get input() {
      return schema()
    },
    commands,
    judge: (given: z.output<I>, replies: readonly Reply[], context: CheckContext) => {
      const asked = commands(given)
      return naming(judge(given, replies, asked, context), asked)
    },
  })
}

function naming(verdict: Verdict, commands: readonly Command[]): Verdict {
  if (verdict.status !== 'error' || verdict.reason.includes('`')) return verdict
  return { ...verdict, reason: `${commands.map(({ cmd }) => `\`${cmd}\``).join(', ')}: ${verdict.reason}` }
}
