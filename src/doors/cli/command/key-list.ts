import { listKeys } from '../../../project/record/keys/list-keys.ts'
import { keyLines } from '../../../report/key-list.ts'
import { appCommand } from '../terminal/compose.ts'

/** Nothing secret is shown, and none is made. */
export const run = appCommand(async ({ app, caller, io, global }) => {
  const keys = await listKeys(app, caller)
  io.out(global.json ? `${JSON.stringify({ version: 1, keys })}\n` : keys.map(keyLines).join(''))
  return 0
})
