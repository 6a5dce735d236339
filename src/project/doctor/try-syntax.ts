import { commandsOfLines } from '../../eos/config/commands.ts'
import type { FormLine } from '../../eos/config/guard/forms-in.ts'
import { redact } from '../../eos/config/secrets/redact.ts'
import { EosflowError } from '../../model/error.ts'
import type { Send } from './try-owner.ts'

/** A form that a switch did not take, and what it said. */
export interface RefusedForm {
  readonly line: string
  readonly says: string
}

/**
 * Types a line of each form into one config session that is aborted, and where the switch refuses one, each into a separate
 * session: which forms it does not take. Nothing is committed.
 */
export async function refusedForms(
  send: Send,
  checkpoint: string,
  forms: readonly FormLine[],
): Promise<readonly RefusedForm[]> {
  const [together] = await typed(send, `${checkpoint}-6`, forms)
  if (together === undefined) return []
  const refused: RefusedForm[] = []
  for (const form of forms) refused.push(...(await typed(send, `${checkpoint}-7`, [form])))
  return refused
}

/** A session that is staged without a checkpoint is aborted once it was shown. */
async function typed(send: Send, session: string, forms: readonly FormLine[]): Promise<readonly RefusedForm[]> {
  const commands = commandsOfLines(forms.flatMap(({ lines }) => lines))
  try {
    await send('stage', { session }, (device) => device.stage({ session, mode: 'merge', commands }))
    return []
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'refused') throw error
    const line =
      forms
        .at(-1)
        ?.lines.map((one) => redact(one.trim()))
        .join(' > ') ?? ''
    return [{ line, says: error.message }]
  }
}
