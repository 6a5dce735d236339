import { listKeys } from '../../../project/record/keys/list-keys.ts'
import { keyLines } from '../../../report/key-list.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Nothing secret is shown, and none is made. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const keys = await listKeys(app, caller)
    io.out(global.json ? `${JSON.stringify({ version: 1, keys })}\n` : keys.map(keyLines).join(''))
    return 0
  })
}
