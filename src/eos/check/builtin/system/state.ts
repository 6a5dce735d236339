import { z } from 'zod'
import { definedItems, givenJson } from '../../../../model/json.ts'
import { once } from '../../../../model/once.ts'
import {
  type Answer,
  byName,
  type Finding,
  MissingMember,
  type OutputOf,
  partly,
  printed,
  printedDecimals,
  printedFloat,
  recordOf,
  show,
  showText,
  told,
  verdictOf,
} from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { count, decimal, flag, percent, someOf, word } from '../../input/words.ts'

const REPORT = /^===> (.*?) <===$/gm

/** No agent has crashed. */
export const VerifyAgentLogs = defineVerify({
  summary: 'Verifies that no agent has reported a crash.',
  docs: 'Passes when there is no crash report, which is an empty answer.',
  asks: showText('show agent logs crash'),
  judge: (printed) => {
    if (printed === '') return []
    const reports = [...printed.matchAll(REPORT)].map(([, report]) => report)
    return [`Device has reported agent crashes:\n * ${reports.join('\n * ')}`]
  },
})

// The folder of small dumps that some agents write, which is no core dump (ANTA documentation, VerifyCoredump).
const MINIDUMPS = 'minidump'

/** No agent has left a core dump. */
export const VerifyCoredump = defineVerify({
  summary: 'Verifies that there are no core dump files.',
  docs: 'Passes when /var/core holds no core dump. Minidumps are none.',
  asks: show('show system coredump', () => ({ coreFiles: z.array(z.string()) })),
  judge: ({ coreFiles }) => {
    const folder = coreFiles.indexOf(MINIDUMPS)
    const dumps = coreFiles.filter((_, index) => index !== folder)
    return dumps.length === 0 ? [] : [`Core dump(s) have been found: ${dumps.join(', ')}`]
  },
})

// The place of each period, in minutes, among the three load averages of Linux (proc(5), /proc/loadavg).
const PLACES = { 1: 0, 5: 1, 15: 2 } as const

const SHOW_TOP = show('show processes top once', () =>
  told({
    cpuInfo: told({ '%Cpu(s)': told({ idle: z.number() }) }),
    timeInfo: told({ loadAvg: z.array(z.number()) }),
  }),
)
const CORES = showText('bash timeout 10 nproc')

type Top = Answer<typeof SHOW_TOP>

/**
 * The processors are not too busy, now or on average. ANTA's documentation says that a load average is divided by the
 * number of cores, and not which command tells that: `nproc` does on every EOS, which is a Linux (coreutils, "nproc").
 */
export const VerifyCPUUtilization = defineVerify({
  summary: 'Verifies that the CPU utilization of the switch is below a threshold.',
  docs: 'Passes when the utilization is below the threshold: 100 minus idle, or with a period the load average of that many minutes per core. Give a period: the moment in which checks run is a busy one.',
  example: { threshold: 75, period: 5 },
  input: () => ({
    threshold: decimal(0, 100).default(75).describe('CPU utilization threshold in percent.'),
    period: z
      .literal([1, 5, 15])
      .nullish()
      .describe('Minutes of the load average: 1, 5 or 15. Absent: the utilization of this moment.'),
  }),
  asks: ({ period }) => [SHOW_TOP, ...(typeof period === 'number' ? [CORES] : [])],
  judge: ([top, cores], { threshold, period }) => {
    const used = typeof period === 'number' ? loadPerCore(top, PLACES[period], cores) : usedNow(top)
    if (used === undefined) return { status: 'error', reason: 'the CPU utilization was not told' }
    if (used <= threshold) return []
    const what = typeof period === 'number' ? `CPU load average (${period} min)` : 'CPU utilization'
    return [
      `${what} is above the threshold - Expected: < ${printedFloat(threshold)}% Actual: ${printedDecimals(used, 1)}%`,
    ]
  },
})

function usedNow(top: Top) {
  return 100 - top.cpuInfo['%Cpu(s)'].idle
}

function loadPerCore(top: Top, place: number, printed = '') {
  const load = top.timeInfo.loadAvg[place]
  const cores = /^\s*[1-9]\d*\s*$/.test(printed) ? Number(printed) : undefined
  return load === undefined || cores === undefined ? undefined : (load / cores) * 100
}

// The flash drives by the names that the active supervisor has for them (that of the other supervisor is unproven: docs/unproven.md).
const DRIVES = [
  { drive: 'flash:/', where: '' },
  { drive: 'supervisor-peer:/mnt/flash', where: ' on standby supervisor' },
] as const

const directory = once(() =>
  partly({
    urls: byName(partly({ entries: byName(z.looseObject({})) })),
  }),
)

/** Files are there on flash, of the other supervisor too if that is asked for. */
export const VerifyFilePresence = defineVerify({
  summary: 'Verifies that files are on the flash drive of the switch.',
  docs: 'Passes when each file is found. With `check_peer_supervisor` each must be on the standby supervisor too.',
  example: { filenames: ['script.py'], check_peer_supervisor: true },
  input: () => ({
    filenames: someOf(word(), 'Names of the files, with their extensions.'),
    check_peer_supervisor: flag('Whether to verify the standby supervisor too.'),
  }),
  asks: ({ check_peer_supervisor }) =>
    DRIVES.slice(0, check_peer_supervisor ? 2 : 1).map(({ drive }) => show(`dir ${drive}`, directory, 2)),
  judge: (answers, { filenames }) =>
    answers.flatMap(({ urls }, index) => {
      const { drive, where } = DRIVES[index] ?? DRIVES[0]
      const entries = urls?.get(drive)?.entries
      const missing = filenames.filter((name) => Object.keys(entries?.get(name) ?? {}).length === 0)
      return missing.map((name) => `File: ${name} - Not found${where}`)
    }),
})

// Percent of a partition that may be used (ANTA documentation).
const FILL_LIMIT = 75

/** No partition is nearly full. */
export const VerifyFileSystemUtilization = defineVerify({
  summary: 'Verifies that no partition uses more than 75 % of its space.',
  docs: 'Passes when no partition is used by more than 75 %. Mounted images (/dev/loop) are always full and are left out.',
  asks: showText('bash timeout 10 df -h'),
  judge: (printed) => {
    // Images that are mounted read-only are always full.
    const lines = printed
      .split('\n')
      .slice(1)
      .filter((line) => line !== '' && !line.includes('loop'))
    if (lines.length === 0) return { status: 'error', reason: '`df -h` printed no partition' }
    return verdictOf(
      lines.flatMap((line): readonly Finding[] => {
        const [, used] = /^\s*(?:\S+\s+){4}(\d+)%?(?:\s|$)/.exec(line) ?? []
        if (used === undefined) return [{ unjudged: `\`df -h\` printed: ${line}` }]
        if (Number(used) <= FILL_LIMIT) return []
        const fault = `Higher disk space utilization - Expected: ${FILL_LIMIT}% Actual: ${Number(used)}%`
        return [{ fault: `Mount point: ${line} - ${fault}` }]
      }),
    )
  },
})

const fileSystems = () =>
  told({ fileSystems: z.array(told({ prefix: z.string().optional(), size: z.number(), free: z.number() })) })

type FileSystems = OutputOf<typeof fileSystems>

const SHOW_FILE_SYSTEMS = show('show file systems', fileSystems)

const SHOW_PEER_FILE_SYSTEMS = show('session peer-supervisor show file systems | json', () =>
  partly({ output: z.union([z.string(), z.looseObject({}), z.array(z.unknown())]) }),
)

// ANTA prints it as its documentation writes it, and a given one as a float.
const USUAL = 70

/**
 * The flash drive has room, of the other supervisor too if that is asked for. ANTA's documentation names the peer supervisor
 * and not the command that asks it; the recorded answers are JSON printed as text. `session peer-supervisor` is how EOS
 * runs a command there; on a switch it is unproven (docs/unproven.md).
 */
export const VerifyFlashUtilization = defineVerify({
  categories: ['hardware'],
  summary: 'Verifies that the flash drive has enough room.',
  docs: 'Passes when no more of the flash drive is used than is allowed. With `check_peer_supervisor` the drive of the standby supervisor is verified too.',
  example: { max_utilization: 70, check_peer_supervisor: true },
  input: () => ({
    max_utilization: percent().optional().describe(`Percent of the flash drive that may be used. Default ${USUAL}.`),
    check_peer_supervisor: flag('Whether to verify the standby supervisor too.'),
  }),
  asks: ({ check_peer_supervisor }) => [SHOW_FILE_SYSTEMS, ...(check_peer_supervisor ? [SHOW_PEER_FILE_SYSTEMS] : [])],
  judge: ([active, peer], { max_utilization, check_peer_supervisor }) => {
    if (!check_peer_supervisor) return flashFaults(active, max_utilization)
    return [
      ...flashFaults(active, max_utilization).map((fault) => `Active Supervisor - ${fault}`),
      ...peerFaults(peer?.output, max_utilization).map((fault) => `Standby Supervisor - ${fault}`),
    ]
  },
})

function flashFaults(systems: FileSystems, given: number | undefined) {
  const flash = systems.fileSystems.find(({ prefix }) => prefix?.toLowerCase() === 'flash:')
  if (flash === undefined) return ['Flash not found']
  const { free, size } = flash
  if (size === 0) return ['Flash reported a size of 0']
  const used = Number(printedDecimals(100 - (free / size) * 100, 2))
  if (used <= (given ?? USUAL)) return []
  const limit = given === undefined ? String(USUAL) : printedFloat(given)
  return [`Flash utilization above threshold - Expected: <= ${limit}% Actual: ${printedFloat(used)}%`]
}

function peerFaults(output: unknown, given: number | undefined) {
  const unread = (why: string) => [`Failed to parse command output - ${why}`]
  if (output === undefined) return unread("'output'")
  if (typeof output !== 'string') {
    return unread(`the JSON object must be str, bytes or bytearray, not ${Array.isArray(output) ? 'list' : 'dict'}`)
  }
  try {
    const read = fileSystems().safeParse(givenJson(output))
    return read.success ? flashFaults(read.data, given) : unread('another type')
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return unread('it is no JSON')
    if (thrown instanceof MissingMember) return unread(`'${thrown.member}'`)
    throw thrown
  }
}

const unit = () =>
  told({
    state: z.string(),
    adminState: z.string(),
    onBootMaintenance: z.boolean(),
    intfsViolatingTrafficThreshold: z.boolean(),
  })

type Unit = OutputOf<typeof unit>

// States of a unit (EOS manual, "Maintenance Mode"), in the words of the messages.
const STATES = { underMaintenance: 'under', maintenanceModeEnter: 'entering' } as const

/** The switch is not in maintenance, nor on its way there. */
export const VerifyMaintenance = defineVerify({
  summary: 'Verifies that the switch is not under maintenance and not entering it.',
  docs: 'Passes when no unit is under maintenance or entering it, also where maintenance mode is not configured.',
  asks: show('show maintenance', () => ({ units: recordOf(unit()) })),
  judge: ({ units }) => {
    const all = Object.entries(units)
    const causes = new Set(all.flatMap(([, one]) => causesOf(one)))
    return definedItems(
      ...Object.entries(STATES).flatMap(([state, word]) => {
        const names = all.filter(([, one]) => one.state === state).map(([name]) => name)
        return names.length === 0 ? [] : [`Units ${word} maintenance: '${names.join(', ')}'`]
      }),
      causes.size !== 0 && `Possible causes: '${[...causes].sort().join(', ')}'`,
    )
  },
})

function causesOf({ adminState, onBootMaintenance, intfsViolatingTrafficThreshold }: Unit) {
  return definedItems(
    adminState === 'underMaintenance' && 'Quiesce is configured',
    onBootMaintenance && 'On-boot maintenance is configured',
    intfsViolatingTrafficThreshold && 'Interface traffic threshold violation',
  )
}

// Percent of the memory that may be used (ANTA documentation).
const MEMORY_LIMIT = 75

/** The memory is not nearly full. */
export const VerifyMemoryUtilization = defineVerify({
  summary: 'Verifies that the memory utilization of the switch is below 75 %.',
  docs: 'Passes when less than 75 % of the memory is used.',
  asks: show('show version', () => ({ memTotal: z.number().positive(), memFree: z.number() })),
  judge: ({ memTotal, memFree }) => {
    const used = (1 - memFree / memTotal) * 100
    return memFree / memTotal >= 1 - MEMORY_LIMIT / 100
      ? []
      : [`Device has reported a high memory usage - Expected: < ${MEMORY_LIMIT}% Actual: ${printedDecimals(used, 2)}%`]
  },
})

// Reload causes in EOS's words, and the short ones that a catalog may use (ANTA documentation, VerifyReloadCause).
const CAUSES: Readonly<Record<string, string>> = {
  USER: 'Reload requested by the user.',
  FPGA: 'Reload requested after FPGA upgrade',
  ZTP: 'System reloaded due to Zero Touch Provisioning',
  USER_HITLESS: 'Hitless reload requested by the user.',
}

const cause = () =>
  z
    .string()
    .transform((written) => CAUSES[written.toUpperCase()] ?? written)
    .refine((one) => Object.values(CAUSES).includes(one), {
      error: `expected a reload cause: ${Object.keys(CAUSES).join(', ')}`,
    })

/** The last reload had one of the causes that are allowed. */
export const VerifyReloadCause = defineVerify({
  summary: 'Verifies that the last reload of the switch had a cause that is allowed.',
  docs: 'Passes when the switch knows of no reload, or the cause of the last one is allowed. Without any answer about causes it is an error.',
  example: { allowed_causes: ['USER', 'FPGA', 'ZTP', 'USER_HITLESS'] },
  input: () => ({
    allowed_causes: z
      .array(cause())
      .default([CAUSES.USER, CAUSES.FPGA].flatMap((one) => one ?? []))
      .describe('Causes of a reload that are allowed: USER, FPGA, ZTP, USER_HITLESS.'),
  }),
  asks: show('show reload cause', () => ({ resetCauses: z.array(partly({ description: z.string() })) })),
  judge: ({ resetCauses }, { allowed_causes }) => {
    const [last] = resetCauses
    if (last === undefined || isAllowed(last.description, allowed_causes)) return []
    const expected = allowed_causes.map((one) => `'${one}'`).join(', ')
    return [`Invalid reload cause -  Expected: ${expected} Actual: '${printed(last.description)}'`]
  },
})

function isAllowed(description: string | undefined, causes: readonly string[]) {
  return description !== undefined && causes.includes(description)
}

/** The switch has been up for some time. */
export const VerifyUptime = defineVerify({
  summary: 'Verifies that the switch has been up for longer than a number of seconds.',
  docs: 'Passes when the uptime is higher than the minimum.',
  example: { minimum: 86_400 },
  input: () => ({ minimum: count().describe('Minimum uptime in seconds.') }),
  asks: show('show uptime', () => ({ upTime: z.number() })),
  judge: ({ upTime }, { minimum }) =>
    upTime >= minimum ? [] : [`Device uptime is incorrect - Expected: ${minimum}s Actual: ${printedFloat(upTime)}s`],
})
