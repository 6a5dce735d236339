import { z } from 'zod'
import { shortName as name } from '../../../text/source/short-name.ts'
import { faultSchema } from '../fault/fault-schema.ts'

const path = z.string().min(1)

const words = (of: string) =>
  z
    .string()
    .min(1)
    .max(300)
    .exactOptional()
    .describe(of)
    .meta({ examples: ['Session %s not found'] })

const behaviour = z.strictObject({
  diffStyle: z
    .enum(['unified', 'sectioned'])
    .optional()
    .describe('The dialect of diffs.')
    .meta({ examples: ['sectioned'] }),
  diffSeparators: z
    .enum(['none', 'context', 'signed'])
    .optional()
    .describe('What sectioned diffs do with `!`.')
    .meta({ examples: ['none'] }),
  timerJson: z
    .enum(['state', 'top-level'])
    .optional()
    .describe('Where JSON names a running commit timer.')
    .meta({ examples: ['top-level'] }),
  keepsAborted: z
    .boolean()
    .optional()
    .describe('Whether an aborted session stays in the list.')
    .meta({ examples: [true] }),
  incomplete: z
    .enum(['Incomplete token', 'Incomplete command'])
    .optional()
    .describe('The words of an unfinished command.')
    .meta({ examples: ['Incomplete command'] }),
  promptSession: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("Characters of a session's name in a prompt.")
    .meta({ examples: [10] }),
  sessionNames: z
    .enum(['sess-N-N-0', 'sess-N--N-1'])
    .optional()
    .describe('The form of the name of a session that was opened without one.')
    .meta({ examples: ['sess-N-N-0'] }),
  pendingHours: z
    .number()
    .positive()
    .optional()
    .describe('Hours after which a pending session is discarded.')
    .meta({ examples: [24] }),
  bootSeconds: z
    .number()
    .min(0)
    .optional()
    .describe('Seconds a reboot takes.')
    .meta({ examples: [60] }),
  maintenanceSeconds: z
    .number()
    .min(0)
    .optional()
    .describe('Seconds until a unit of maintenance mode is under maintenance, and until it is active again.')
    .meta({ examples: [30] }),
  maxCheckpoints: z
    .int()
    .min(1)
    .optional()
    .describe('How many checkpoints are kept.')
    .meta({ examples: [20] }),
  firstWordToken: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .describe('The index printed for a first word that no command has.')
    .meta({ examples: [1] }),
  detailText: z
    .enum(['table', 'lines'])
    .optional()
    .describe('`show configuration sessions detail` as one wide table, or as lines and a table.')
    .meta({ examples: ['lines'] }),
  commitSeconds: z
    .number()
    .min(0)
    .max(3600)
    .optional()
    .describe('Seconds that a commit and a replace take for each 1,000 lines of running-config; over eAPI.')
    .meta({ examples: [5] }),
  failedReplay: z
    .enum(['nothing', 'rest', 'before'])
    .optional()
    .describe('What a replay leaves that has a line which the switch refuses: nothing, the rest, or what is before it.')
    .meta({ examples: ['rest'] }),
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
    .describe('The words of the switch.')
    .meta({ examples: [{ notFound: 'Session %s not found' }] }),
  rearm: z
    .enum(['restart', 'refuse'])
    .optional()
    .describe('What `commit timer` does in an armed session.')
    .meta({ examples: ['restart'] }),
})

const device = z.strictObject({
  eos: z
    .string()
    .regex(/^4\.\d+(\.\d+)*[A-Z]*$/, 'an EOS version such as 4.32.2F')
    .describe('The EOS version, which decides dialects.')
    .meta({ examples: ['4.32.2F'] }),
  model: z
    .string()
    .min(1)
    .default('cEOSLab')
    .describe('The model that `show version` names.')
    .meta({ examples: ['cEOSLab'] }),
  serial: z
    .string()
    .optional()
    .describe('The serial number; made from the name without it.')
    .meta({ examples: ['JPE21310201'] }),
  mac: z
    .string()
    .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'a MAC address in lower case with colons')
    .optional()
    .describe('The system MAC address; made from the name without it.')
    .meta({ examples: ['00:1c:73:aa:02:01'] }),
  config: path
    .optional()
    .describe('The file of the running-config; `<name>/running-config` without it.')
    .meta({ examples: ['leaf1/running-config'] }),
  startup: path
    .optional()
    .describe('The file of the startup-config; the running-config without it.')
    .meta({ examples: ['leaf1/startup-config'] }),
  recorded: z
    .array(z.string().regex(/^show \S/, 'a show command in full words'))
    .optional()
    .describe('Commands answered with `<name>/recorded/<command with _>.json` and `.txt` instead of what is computed.')
    .meta({ examples: [['show inventory']] }),
  verbatim: z
    .boolean()
    .optional()
    .describe('Keeps the order of lines and adds nothing.')
    .meta({ examples: [true] }),
  behaviour: behaviour
    .optional()
    .describe('What differs from the EOS version, where nothing is established.')
    .meta({ examples: [{ diffStyle: 'sectioned' }] }),
})

const hostAddress = z.strictObject({
  mac: z
    .string()
    .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'a MAC address such as 02:00:00:00:01:0a')
    .describe('The MAC address that it sends from.')
    .meta({ examples: ['02:00:00:00:01:0a'] }),
  vlan: z
    .int()
    .min(1)
    .max(4094)
    .optional()
    .describe('The tag of its frames; without one they are of the VLAN of the port.')
    .meta({ examples: [110] }),
  address: z
    .ipv4()
    .optional()
    .describe('Its IPv4 address.')
    .meta({ examples: ['10.10.110.20'] }),
})

const demand = z.strictObject({
  from: name.describe('A switch, or a host at the end of a cable.').meta({ examples: ['hv01'] }),
  to: z
    .ipv4()
    .describe('The address that it goes to.')
    .meta({ examples: ['10.10.110.20'] }),
  vrf: z
    .string()
    .min(1)
    .optional()
    .describe('Of a switch: the VRF in which it sends; `default` without it.')
    .meta({ examples: ['PROD'] }),
  vlan: hostAddress.shape.vlan.describe(
    'Of a host: the tag of its frames; without one they are of the VLAN of the port.',
  ),
  rate: z
    .number()
    .positive()
    .max(1e15)
    .describe('Bits per second.')
    .meta({ examples: [4_000_000_000] }),
})

/** The shape of `fabric.yaml`, beside which lies a folder per switch (docs/commands.md#simulated-switches). */
export const fabricSchema = z
  .strictObject({
    version: z
      .literal(1)
      .describe('The version of this format.')
      .meta({ examples: [1] }),
    name: name.describe('The name of the fabric.').meta({ examples: ['dc1'] }),
    credentials: z
      .strictObject({
        username: z
          .string()
          .min(1)
          .describe('A user that every switch knows.')
          .meta({ examples: ['admin'] }),
        password: z
          .string()
          .min(1)
          .describe('Its invented password.')
          .meta({ examples: ['admin'] }),
      })
      .default({ username: 'admin', password: 'admin' })
      .describe('The login that works on every simulated switch.'),
    clientCa: path
      .optional()
      .describe('A PEM file of authorities whose client certificates are accepted over HTTPS.')
      .meta({ examples: ['clients.pem'] }),
    devices: z
      .record(name, device)
      .describe('The switches, by name.')
      .meta({ examples: [{ leaf1: { eos: '4.32.2F' } }] }),
    cabling: z
      .array(z.string())
      .default([])
      .describe('Cables, one per line; an end that is no switch here is a host.')
      .meta({ examples: [['leaf1:Ethernet1 - spine1:Ethernet1']] }),
    hosts: z
      .record(name, z.array(hostAddress).min(1))
      .default({})
      .describe(
        'What hosts send, by the name that a cable has for them: switches learn it. Without an entry a host is silent.',
      )
      .meta({ examples: [{ hv01: [{ mac: '02:00:00:00:01:0a', vlan: 110, address: '10.10.110.20' }] }] }),
    demands: z
      .array(demand)
      .default([])
      .describe('Traffic that flows all the time over the computed paths: ports show it as their rate.')
      .meta({ examples: [[{ from: 'hv01', to: '10.10.110.20', rate: 4_000_000_000 }]] }),
    faults: z.array(faultSchema).default([]).describe('Faults that are set from the start.'),
  })
  .meta({ id: 'fabric', title: 'eosflow fabric' })

export type FabricFile = z.output<typeof fabricSchema>
