import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { dottedMac } from '../../converge/address.ts'
import { readMaintenance } from '../../converge/read-maintenance.ts'
import { dateText, eosAtLeast, printedLines } from '../../platform/facts.ts'
import { objectOf, type ShowCommand, type ShowContext, seconds, two, uptimeWords } from '../format/define.ts'

// The local users; napalm (JSON).
const showUsersAccounts: ShowCommand = {
  words: 'show users accounts',
  json: ({ running }) => ({
    users: objectOf(accounts(running), ([name, account]) => [name, accountJson(name, account)]),
  }),
  text: ({ running }) =>
    [...accounts(running)]
      .map(
        ([name, { role, privilege }]) => `user: ${name}\n       role: ${role}\n       privilege level: ${privilege}\n`,
      )
      .join(''),
}

/** The commands of this subject. */
export const SYSTEM_COMMANDS: readonly ShowCommand[] = [
  // Model, serial number, EOS version and uptime; napalm (4.15, 4.30), suzieq (4.23), ntc (4.27).
  {
    words: 'show version [detail]',
    json: (context) => {
      const { facts, now, bootedAt } = context
      const container = isContainer(facts.model)
      return {
        mfgName: facts.model === 'vEOS' ? '' : 'Arista',
        modelName: facts.model,
        hardwareRevision: revision(facts.model),
        serialNumber: facts.serial,
        systemMacAddress: facts.systemMac,
        hwMacAddress: isHardware(facts.model) ? facts.systemMac : '00:00:00:00:00:00',
        configMacAddress: '00:00:00:00:00:00',
        version: facts.eos,
        architecture: 'x86_64',
        internalVersion: internalVersion(facts.eos),
        internalBuildId: BUILD.id,
        ...imageKeys(context),
        ...(container ? { cEosToolsVersion: '(unknown)', kernelVersion: BUILD.kernel } : {}),
        bootupTimestamp: seconds(bootedAt),
        uptime: seconds(now - bootedAt),
        memTotal: MEMORY.totalKb,
        memFree: MEMORY.freeKb,
        isIntlVersion: false,
      }
    },
    text: (context) => (eosAtLeast(context.facts.eos, PLAIN_TEXT_SINCE) ? plainText(context) : alignedText(context)),
  },
  // Since when the switch runs; anta (JSON). The text form is not recorded; it is that of uptime(1), which EOS runs.
  {
    words: 'show uptime',
    json: ({ now, bootedAt }) => ({
      upTime: seconds(now - bootedAt),
      loadAvg: [0, 0, 0],
      users: 0,
      currentTime: seconds(now),
    }),
    text: ({ now, bootedAt }) => {
      const clock = new Date(now).toISOString().slice(11, 19)
      const minutes = Math.floor((now - bootedAt) / 60_000)
      const days = Math.floor(minutes / 1440)
      const up = `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${Math.floor(minutes / 60) % 24}:${two(minutes % 60)}`
      return ` ${clock} up ${up},  0 users,  load average: 0.00, 0.00, 0.00\n`
    },
  },
  showUsersAccounts,
  // As `show users accounts`, which has the recorded form. The same by its older name, which napalm asks for (docs/eos.md 7.3).
  {
    ...showUsersAccounts,
    words: 'show user-account',
  },
  // Why the switch booted last; anta (JSON), ntc show_reload_cause (text). Simulated switches were always reloaded by somebody.
  {
    words: 'show reload cause',
    json: ({ bootedAt }) => ({
      resetCauses: [
        {
          description: 'Reload requested by the user.',
          timestamp: seconds(bootedAt),
          recommendedAction: 'No action necessary.',
          debugInfoIsDir: false,
        },
      ],
      full: false,
    }),
    text: ({ bootedAt }) =>
      printedLines([
        'Reload Cause 1:',
        '-------------------',
        'Reload requested by the user.',
        '',
        'Reload Time:',
        '------------',
        `Reload occurred at ${dateText(bootedAt)} UTC.`,
        '',
        'Recommended Action:',
        '-------------------',
        'No action necessary.',
        '',
        'Debugging Information:',
        '----------------------',
        'None available.',
      ]),
  },
  // Load, CPU and memory; anta (JSON), napalm (text of 4.30).
  {
    words: 'show processes top once',
    json: () => ({
      timeInfo: { loadAvg: [0, 0, 0] },
      cpuInfo: { '%Cpu(s)': CPU },
      memInfo: {
        physicalMem: { memTotal: TOTAL_KB, memFree: FREE_KB, memUsed: TOTAL_KB - FREE_KB },
        memoryUnit: 'KiB',
      },
      processes: {},
    }),
    text: ({ now, bootedAt }) => {
      const clock = new Date(now).toISOString().slice(11, 19)
      const minutes = Math.floor((now - bootedAt) / 60_000)
      const up = `${Math.floor(minutes / 1440)} days, ${String(Math.floor(minutes / 60) % 24).padStart(2)}:${two(minutes % 60)}`
      return printedLines([
        `top - ${clock} up ${up},  0 users,  load average: 0.00, 0.00, 0.00`,
        'Tasks:   1 total,   1 running,   0 sleeping,   0 stopped,   0 zombie',
        '%Cpu(s):  2.8 us,  0.7 sy,  0.0 ni, 96.3 id,  0.0 wa,  0.2 hi,  0.0 si,  0.0 st',
        `KiB Mem : ${TOTAL_KB} total, ${FREE_KB} free, ${TOTAL_KB - FREE_KB} used,        0 buff/cache`,
        'KiB Swap:        0 total,        0 free,        0 used. ',
        '',
        '  PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND',
      ])
    },
  },
  // When each agent was started and how often again; the keys that public tools read, no recording. Agents run since the switch booted, or since
  // they crashed.
  {
    words: 'show agent uptime',
    json: (context) => ({ agents: objectOf(AGENTS, (agent) => [agent, agentJson(agent, context)]) }),
  },
  // Logs of agents that crashed; the words that ANTA asks (text), the head of a log as recorded. How each log of a crash begins.
  {
    words: 'show agent logs crash',
    text: ({ state: { ailments } }) =>
      ailments.crashes.map(({ agent, at }) => `===> /var/log/agents/${agent}-${PID} ${dateText(at)} <===\n`).join(''),
  },
  // Installed extensions, of which there are none; the keys that ANTA reads.
  {
    words: 'show extensions',
    json: () => ({ extensions: {} }),
  },
  // Extensions installed at boot, of which there are none; the keys that ANTA reads.
  {
    words: 'show boot-extensions',
    json: () => ({ extensions: [] }),
  },
  // Zero touch provisioning, which is off; the keys that ANTA reads. A switch with a configuration is not provisioned by itself.
  {
    words: 'show zerotouch',
    json: () => ({ mode: 'disabled' }),
    text: () => 'ZeroTouch Mode: Disabled\n',
  },
  // Core files, of which there are none; the keys that ANTA reads. Nothing has crashed.
  {
    words: 'show system coredump',
    json: () => ({ mode: 'compressedDeferred', coreFiles: [] }),
  },
  // Units, and whether each is under maintenance or on its way there; the JSON of ANTA. The units and how far each is; without the block of
  // maintenance mode it is disabled (ANTA's cases).
  {
    words: 'show maintenance',
    json: (context) => {
      const { units } = readMaintenance(context.running)
      const told = [...units].map(([name, { quiesced }]) => [name, unitJson(context, name, quiesced)] as const)
      return {
        units: Object.fromEntries(told),
        interfaces: {},
        vrfs: {},
        ...(units.size === 0 ? { warnings: ['Maintenance Mode is disabled.'] } : {}),
      }
    },
  },
]

const BUILD = { number: '30000000', id: '00000000-0000-4000-8000-000000000000', kernel: '5.10.0' } as const
const MEMORY = { totalKb: 8_098_984, freeKb: 5_211_836 } as const

// The text form without aligned columns is recorded on 4.27, 4.31 and 4.32, the aligned one up to 4.23; where it changed is not.
const PLAIN_TEXT_SINCE = '4.24'
// `imageFormatVersion` and `imageOptimization` are recorded from 4.27 on and absent in 4.23.
const IMAGE_KEYS_SINCE = '4.24'

function isHardware(model: string) {
  return model !== 'vEOS' && !isContainer(model)
}

function isContainer(model: string) {
  return model.startsWith('cEOS')
}

function revision(model: string): string {
  return isHardware(model) ? '11.00' : ''
}

function internalVersion(eos: string) {
  const [plain = eos] = eos.split(' ')
  return plain.includes('-') ? plain : `${plain}-${BUILD.number}.${plain.replaceAll('.', '')}`
}

function imageKeys({ facts }: ShowContext): JsonObject {
  if (!eosAtLeast(facts.eos, IMAGE_KEYS_SINCE)) return {}
  return { imageFormatVersion: imageFormat(facts.model), imageOptimization: optimization(facts.model) }
}

function imageFormat(model: string): string {
  return isContainer(model) ? '1.0' : '2.0'
}

function optimization(model: string): string {
  return isContainer(model) ? 'None' : 'DEFAULT'
}

function plainText({ facts, now, bootedAt }: ShowContext) {
  const { model, serial, systemMac, eos } = facts
  return printedLines([
    `Arista ${model}`,
    `Hardware version: ${revision(model)}`,
    `Serial number: ${serial}`,
    `Hardware MAC address: ${dottedMac(systemMac)}`,
    `System MAC address: ${dottedMac(systemMac)}`,
    '',
    `Software image version: ${eos}`,
    'Architecture: x86_64',
    `Internal build version: ${internalVersion(eos)}`,
    `Internal build ID: ${BUILD.id}`,
    `Image format version: ${imageFormat(model)}`,
    `Image optimization: ${optimization(model)}`,
    '',
    ...(isContainer(model) ? [`Kernel version: ${BUILD.kernel}`, ''] : []),
    `Uptime: ${uptimeWords(now - bootedAt)}`,
    `Total memory: ${MEMORY.totalKb} kB`,
    `Free memory: ${MEMORY.freeKb} kB`,
  ])
}

function alignedText({ facts, now, bootedAt }: ShowContext) {
  const { model, serial, systemMac, eos } = facts
  return printedLines([
    isHardware(model) ? `Arista ${model}` : model,
    `Hardware version:    ${revision(model)}`,
    `Serial number:       ${serial}`,
    `System MAC address:  ${dottedMac(systemMac)}`,
    '',
    `Software image version: ${eos}`,
    'Architecture:           x86_64',
    `Internal build version: ${internalVersion(eos)}`,
    `Internal build ID:      ${BUILD.id}`,
    '',
    `Uptime:                 ${uptimeWords(now - bootedAt)}`,
    `Total memory:           ${MEMORY.totalKb} kB`,
    `Free memory:            ${MEMORY.freeKb} kB`,
  ])
}

interface Account {
  readonly privilege: number
  readonly role: string
  readonly sshKey: string
}

function accountJson(username: string, { privilege, role, sshKey }: Account): JsonObject {
  return { username, role, privLevel: privilege, sshAuthorizedKey: sshKey }
}

function accounts(running: ConfigTree): ReadonlyMap<string, Account> {
  const found = new Map<string, Account>()
  for (const { line } of running.children) {
    const [, name, rest = ''] = /^username (\S+) (.*)$/.exec(line) ?? []
    if (name === undefined) continue
    const known = found.get(name) ?? { privilege: 1, role: 'network-operator', sshKey: '' }
    const key = /^ssh-key (.*)$/.exec(rest)?.[1]
    const privilege = Number(/\bprivilege (\d+)/.exec(rest)?.[1] ?? known.privilege)
    const role = /\brole (\S+)/.exec(rest)?.[1] ?? known.role
    found.set(name, key === undefined ? { ...known, privilege, role } : { ...known, sshKey: key })
  }
  return found
}

// How busy it is, in percent: as a switch was recorded.
const CPU = { user: 2.8, system: 0.7, nice: 0, idle: 96.3, ioWait: 0, hwIrq: 0.2, swIrq: 0, stolen: 0 }
const { totalKb: TOTAL_KB, freeKb: FREE_KB } = MEMORY

const AGENTS = [
  'Aaa',
  'Acl',
  'Arp',
  'Bgp',
  'ConfigAgent',
  'Ebra',
  'Lag',
  'Lldp',
  'Mlag',
  'Rib',
  'Stp',
  'Sysdb',
] as const

const PID = 1812

function agentJson(agent: string, { state: { ailments }, bootedAt }: ShowContext) {
  const crashes = ailments.crashes.filter((crash) => crash.agent === agent).map(({ at }) => at)
  return { agentStartTime: seconds(Math.max(bootedAt, ...crashes)), restartCount: crashes.length }
}

function unitJson(context: ShowContext, name: string, isQuiesced: boolean): JsonObject {
  const turned = context.maintenance?.get(name)
  const isTurning = turned !== undefined && context.now < turned.at + turned.seconds * 1000
  const rates = [...context.state.rates()].flatMap(([port, rate]) => (/^Ethernet[\d/]+$/.test(port) ? [rate] : []))
  const most = readMaintenance(context.running).threshold * 1000
  const isBusy = isQuiesced && rates.some((rate) => rate.in > most || rate.out > most)
  const under = isTurning || isBusy ? 'maintenanceModeEnter' : 'underMaintenance'
  const sum = (way: 'in' | 'out') => (isQuiesced ? rates.reduce((total, rate) => total + rate[way], 0) : 0)
  return {
    state: isQuiesced ? under : isTurning ? 'underMaintenance' : 'active',
    adminState: isQuiesced ? 'underMaintenance' : 'active',
    stateChangeTime: turned === undefined ? 0 : turned.at / 1000,
    onBootMaintenance: false,
    intfsViolatingTrafficThreshold: isBusy,
    aggInBpsRate: Math.round(sum('in')),
    aggOutBpsRate: Math.round(sum('out')),
  }
}
