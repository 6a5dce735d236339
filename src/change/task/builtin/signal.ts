import { z } from 'zod'
import { EosflowError } from '../../../model/error.ts'
import { defineTask } from '../act/context.ts'

export const signal = defineTask({
  name: 'signal',
  summary: 'Wait until somebody outside answers with the task token.',
  docs: 'Sends nothing. The execution waits and says the line to paste, `eosflow signal TOKEN --output JSON`; what is given there is the output of the state. TimeoutSeconds and HeartbeatSeconds of the state bound the wait.',
  scope: 'execution.read',
  effect: 'read',
  input: z.strictObject({
    message: z.string().min(1).max(1000).describe('What is waited for, in words for the one who answers.'),
  }),
  async run({ input, token }) {
    if (token === undefined) throw new EosflowError('bug', 'a state that waits for a signal has no task token')
    return { message: input.message }
  },
})
