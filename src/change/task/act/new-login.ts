import type { Fleet, Look } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'
import type { LookContext } from './context.ts'
import { requireIdentity } from './observe-switch.ts'

/** One look over logins that did not exist before: of the user that writes, and where another user reads, of that one too. Each takes the place of the older connection once the planned switch has answered over it. */
export async function lookAnew(
  context: LookContext,
  name: string,
  commands: readonly Command[],
  as?: 'proof',
): Promise<{ readonly look: Look; readonly took: number }> {
  const [writer, reader] = [context.fleet.as('write'), context.fleet.as('read')]
  if (writer.user(name) === reader.user(name)) return over(writer, context, { name, commands, as })
  await over(writer, context, { name, commands: [], as })
  return over(reader, context, { name, commands, as })
}

async function over(
  fleet: Fleet,
  context: LookContext,
  {
    name,
    commands,
    as,
  }: { readonly name: string; readonly commands: readonly Command[]; readonly as: 'proof' | undefined },
) {
  const asked = context.clock.monotonic()
  const login = await fleet.logInAnew(name, as)
  try {
    const look = await login.device.look(commands)
    const took = context.clock.monotonic() - asked
    await requireIdentity(context, name, look.identity)
    await login.adopt()
    return { look, took }
  } catch (error) {
    await login.giveUp().catch(() => undefined)
    throw error
  }
}
