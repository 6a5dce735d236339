import { z } from 'zod'
import { confirm } from '../builtin/confirm.ts'
import { save } from '../builtin/save.ts'
import { defineTask, type Probe } from '../define.ts'

/**
 * What `confirm` was in machines up to version 2: it saved each switch before the next one was confirmed. An execution that an
 * earlier eosflow began is ended by it as its machine says; no workflow can call it.
 */
export const confirmAndSave = defineTask({
  name: 'confirm-and-save',
  summary: 'Confirm the verified change of one switch, save it as startup-config, and read both back.',
  docs: 'Only in executions that began before confirms and saves were two tasks.',
  scope: 'task.confirm',
  effect: 'write',
  undo: 'rollback',
  input: z.strictObject({}),
  async run(context) {
    await confirm.run(context)
    return save.run(context)
  },
  async probe(context): Promise<Probe> {
    const confirmed = await confirm.probe?.(context)
    return confirmed?.do === 'done' ? { do: 'done', output: await save.run(context) } : { do: 'again' }
  },
})
