import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { aroundName } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import { closeSecrets, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { openHttp } from '../../switches/connect/open-fleet.ts'
import { aroundPort } from './around-port.ts'

/** It decides nothing: they are asked again right before the first push. */
export async function tellTickets(
  app: RecordApp,
  caller: Pick<Caller, 'tell'>,
  { around: specs }: Pick<PreparedChange, 'around'>,
): Promise<void> {
  const tickets = specs.flatMap((spec) => (spec.around === 'ticket' ? [spec] : []))
  if (tickets.length === 0) return
  const secrets = secretsOf(app)
  const { around } = aroundPort(app, openHttp(app, secrets))
  try {
    const said = await Promise.all(
      tickets.map(async (spec) => {
        const answer = await around?.ask(spec).catch((error: unknown) => {
          if (error instanceof EosflowError && error.kind !== 'bug') return { allows: false, said: error.message }
          throw error
        })
        return answer === undefined || answer.allows
          ? []
          : [`! ${aroundName(spec)} does not allow the change now: ${answer.said}\n`]
      }),
    )
    for (const line of said.flat()) caller.tell(line)
  } finally {
    await closeSecrets(secrets, caller)
  }
}
