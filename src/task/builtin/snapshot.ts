import { z } from 'zod'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { TaskContext } from '../context.ts'
import { defineTask } from '../define.ts'
import { requireNoTimer } from '../foreign-timer.ts'
import { onEach } from '../on-each.ts'
import { read } from '../read.ts'

const Input = z.strictObject({
  state: z
    .array(z.string())
    .default([])
    .describe('The areas of operational state to read: interfaces, bgp, lldp, mlag, ...'),
})

/** Reads what each switch is and how it stands, in one round trip per switch. */
export const snapshot = defineTask({
  name: 'snapshot',
  summary: 'Read the identity, config sessions and operational state of every selected switch.',
  docs: 'One JSON round trip per switch. A switch that is under a commit timer, whoever started it, cannot be changed now: the execution ends before anything is written and names the owner and the time left.',
  scope: 'task.snapshot',
  effect: 'read',
  input: Input,
  async run(context) {
    const commands = context.checks.areaCommands(context.input.state)
    const readings = await onEach(context.devices, async (name) => readOne(context, name, commands))
    return { snapshot: await context.texts.put(JSON.stringify(Object.fromEntries(readings))) }
  },
})

async function readOne(
  context: TaskContext<z.output<typeof Input>>,
  name: string,
  commands: ReturnType<TaskContext['checks']['areaCommands']>,
): Promise<[string, Json]> {
  const look = await read(context, name, (device) => device.look(commands))
  const { sessions, mergeOnCommit, saveToStartupConfigOnCommit } = look.sessions
  requireNoTimer(name, look.sessions)
  if (saveToStartupConfigOnCommit) {
    throw new EosflowError(
      'guard',
      `${name}: every commit is saved to startup-config at once, so a reboot would not undo a change that was never verified`,
      {
        device: name,
        hint: 'Remove "service configuration session commit save startup-config" from the switch.',
      },
    )
  }
  return [
    name,
    {
      identity: { ...look.identity },
      foreignSessions: Object.entries(sessions).flatMap(([session, state]) => (state === 'pending' ? [session] : [])),
      mergeOnCommit,
      state: context.checks.readAreas(context.input.state, look.replies),
    },
  ]
}
