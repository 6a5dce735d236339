import { z } from 'zod'
import { shortName as name } from '../../../text/source/short-name.ts'
import { said } from '../fault/fault-kinds.ts'
import { faultSchema } from '../fault/fault-schema.ts'

const path = z.string().min(1)

const words = (of: string) => z.string().min(1).max(300).exactOptional().meta(said(of, 'Session %s not found'))

const behaviour = z.strictObject({
  diffStyle: z.enum(['unified', 'sectioned']).optional().meta(said('The dialect of diffs.', 'sectioned')),
  diffSeparators: z
    .enum(['none', 'context', 'signed'])
    .optional()
    .meta(said('What sectioned diffs do with `!`.', 'none')),
  timerJson: z
    .enum(['state', 'top-level'])
    .optional()
    .meta(said('Where JSON names a running commit timer.', 'top-level')),
  keepsAborted: z.boolean().optional().meta(said('Whether an aborted session stays in the list.', true)),
  incomplete: z
    .enum(['Incomplete token', 'Incomplete command'])
    .optional()
    .meta(said('The words of an unfinished command.', 'Incomplete command')),
  promptSession: z.int().min(1).max(64).optional().meta(said("Characters of a session's name in a prompt.", 10)),
  sessionNames: z
    .enum(['sess-N-N-0', 'sess-N--N-1'])
    .optional()
    .meta(said('The form of the name of a session that was opened without one.', 'sess-N-N-0')),
  pendingHours: z.number().positive().optional().meta(said('Hours after which a pending session is discarded.', 24)),
  bootSeconds: z.number().min(0).optional().meta(said('Seconds a reboot takes.', 60)),
  maintenanceSeconds: z
    .number()
    .min(0)
    .optional()
    .meta(said('Seconds until a unit of maintenance mode is under maintenance, and until it is active again.', 30)),
  maxCheckpoints: z.int().min(1).optional().meta(said('How many checkpoints are kept.', 20)),
  firstWordToken: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .meta(said('The index printed for a first word that no command has.', 1)),
  detailText: z
    .enum(['table', 'lines'])
    .optional()
    .meta(said('`show configuration sessions detail` as one wide table, or as lines and a table.', 'lines')),
  commitSeconds: z
    .number()
    .min(0)
    .max(3600)
    .optional()
    .meta(said('Seconds that a commit and a replace take for each 1,000 lines of running-config; over eAPI.', 5)),
  failedReplay: z
    .enum(['nothing', 'rest', 'before'])
    .optional()
    .meta(
      said(
        'What a replay leaves that has a line which the switch refuses: nothing, the rest, or what is before it.',
        'rest',
      ),
    ),
  says: z
    .strictObject({
      tooManySessions: words('Of one pending session too many.'),
      timerOfOther: words('Of a commit while the timer of another session runs; `%s` is that session.'),
      completed: words('Of a completed session that is entered again; `%s` is the session.'),
      notFound: words('Of a session that is not there; `%s` is the session.'),
      armed: words('Of a line in an armed session; `%s` is the session.'),
      noStartup: words('Of `show startup-config` where there is none.'),
      notLocked: words('Of `configure unlock` where nobody holds the lock.'),
      locked: words('Of a locked configuration; `%s` is the user who holds the lock.'),
    })
    .optional()
    .meta(said('The words of the switch.', { notFound: 'Session %s not found' })),
  rearm: z
    .enum(['restart', 'refuse'])
    .optional()
    .meta(said('What `commit timer` does in an armed session.', 'restart')),
})

const device = z.strictObject({
  eos: z
    .string()
    .regex(/^4\.\d+(\.\d+)*[A-Z]*$/, 'an EOS version such as 4.32.2F')
    .meta(said('The EOS version, which decides dialects.', '4.32.2F')),
  model: z.string().min(1).default('cEOSLab').meta(said('The model that `show version` names.', 'cEOSLab')),
  serial: z.string().optional().meta(said('The serial number; made from the name without it.', 'JPE21310201')),
  mac: z
    .string()
    .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'a MAC address in lower case with colons')
    .optional()
    .meta(said('The system MAC address; made from the name without it.', '00:1c:73:aa:02:01')),
  config: path
    .optional()
    .meta(said('The file of the running-config; `<name>/running-config` without it.', 'leaf1/running-config')),
  startup: path
    .optional()
    .meta(said('The file of the startup-config; the running-config without it.', 'leaf1/startup-config')),
  recorded: z
    .array(z.string().regex(/^show \S/, 'a show command in full words'))
    .optional()
    .meta(
      said('Commands answered with `<name>/recorded/<command with _>.json` and `.txt` instead of what is computed.', [
        'show inventory',
      ]),
    ),
  verbatim: z.boolean().optional().meta(said('Keeps the order of lines and adds nothing.', true)),
  behaviour: behaviour
    .optional()
    .meta(said('What differs from the EOS version, where nothing is established.', { diffStyle: 'sectioned' })),
})

const hostAddress = z.strictObject({
  mac: z
    .string()
    .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'a MAC address such as 02:00:00:00:01:0a')
    .meta(said('The MAC address that it sends from.', '02:00:00:00:01:0a')),
  vlan: z
    .int()
    .min(1)
    .max(4094)
    .optional()
    .meta(said('The tag of its frames; without one they are of the VLAN of the port.', 110)),
  address: z.ipv4().optional().meta(said('Its IPv4 address.', '10.10.110.20')),
})

const demand = z.strictObject({
  from: name.meta(said('A switch, or a host at the end of a cable.', 'hv01')),
  to: z.ipv4().meta(said('The address that it goes to.', '10.10.110.20')),
  vrf: z.string().min(1).optional().meta(said('Of a switch: the VRF in which it sends; `default` without it.', 'PROD')),
  vlan: hostAddress.shape.vlan.describe(
    'Of a host: the tag of its frames; without one they are of the VLAN of the port.',
  ),
  rate: z.number().positive().max(1e15).meta(said('Bits per second.', 4_000_000_000)),
})

/** The shape of `fabric.yaml`, beside which lies a folder per switch (docs/commands.md#simulated-switches). */
export const fabricSchema = z
  .strictObject({
    version: z.literal(1).meta(said('The version of this format.', 1)),
    name: name.meta(said('The name of the fabric.', 'dc1')),
    credentials: z
      .strictObject({
        username: z.string().min(1).meta(said('A user that every switch knows.', 'admin')),
        password: z.string().min(1).meta(said('Its invented password.', 'admin')),
      })
      .default({ username: 'admin', password: 'admin' })
      .describe('The login that works on every simulated switch.'),
    clientCa: path
      .optional()
      .meta(said('A PEM file of authorities whose client certificates are accepted over HTTPS.', 'clients.pem')),
    devices: z.record(name, device).meta(said('The switches, by name.', { leaf1: { eos: '4.32.2F' } })),
    cabling: z
      .array(z.string())
      .default([])
      .meta(
        said('Cables, one per line; an end that is no switch here is a host.', ['leaf1:Ethernet1 - spine1:Ethernet1']),
      ),
    hosts: z
      .record(name, z.array(hostAddress).min(1))
      .default({})
      .meta(
        said(
          'What hosts send, by the name that a cable has for them: switches learn it. Without an entry a host is silent.',
          { hv01: [{ mac: '02:00:00:00:01:0a', vlan: 110, address: '10.10.110.20' }] },
        ),
      ),
    demands: z
      .array(demand)
      .default([])
      .meta(
        said('Traffic that flows all the time over the computed paths: ports show it as their rate.', [
          { from: 'hv01', to: '10.10.110.20', rate: 4_000_000_000 },
        ]),
      ),
    faults: z.array(faultSchema).default([]).describe('Faults that are set from the start.'),
  })
  .meta({ id: 'fabric', title: 'eosflow fabric' })

export type FabricFile = z.output<typeof fabricSchema>
