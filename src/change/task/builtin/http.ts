import { EosflowError } from '../../../model/error.ts'
import { isIdempotentMethod } from '../../../model/http-port.ts'
import { defineTask } from '../act/context.ts'
import { HttpInput, httpRequest, judgedAnswer, nameOf } from '../act/http-request.ts'

/** Asks a service over HTTP, once. */
export const http = defineTask({
  name: 'http',
  summary: 'Send one signed request to a service that the operator allows, and judge its answer.',
  docs: "Hosts come from the operator's settings only; no redirect is followed; the answer must have the expected status and form. GET and HEAD read, every other method writes. With `.waitForTaskToken` the state then waits for the service to answer with the token.",
  scope: 'task.exec',
  effect: 'write',
  input: HttpInput,
  async run(context) {
    const request = httpRequest(context)
    return judgedAnswer(context, await context.http.send(request, context.signal))
  },

  async probe({ input }) {
    if (isIdempotentMethod(input.method) || input.repeatable) return { do: 'again' }
    throw new EosflowError(
      'lost-answer',
      `${nameOf(input)}: it was sent before, and nobody knows whether it was done`,
      {
        hint: 'Look at the service. If it does requests with the same idempotency-key once, say so: repeatable: true.',
      },
    )
  },
})
