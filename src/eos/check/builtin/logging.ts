import { z } from 'zod'
import { matchesWithin } from '../../../text/source/bounded-pattern.ts'
import { type OutputOf, show, showText, tooSlow, verdictOf } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { flag, integer, ipv4, logSeverity, pattern, someOf, vrf, word } from '../input/words.ts'

// How far back a check reads the log: inputs of a catalog (ANTA documentation, module logging).
const timeInputs = () => ({
  last_number_time_units: integer(1, 9999).nullish().describe('How many units of time to look back.'),
  time_unit: z
    .enum(['days', 'hours', 'minutes', 'seconds'])
    .default('days')
    .describe('The unit: days, hours, minutes or seconds.'),
})

function lastTime(units: number | null | undefined, unit: string) {
  return typeof units === 'number' ? `last ${units} ${unit}` : ''
}

// `show logging`, which EOS has as text only (ANTA documentation, module logging): settings, destinations, the log.
const SHOW_LOGGING = showText('show logging')

function settingsIn(printed: string) {
  return printed.split('\n\nExternal configuration:')[0] ?? ''
}

const severityInput = () =>
  z.strictObject({
    severity_level: logSeverity().default('informational').describe('Severity of the message that is logged.'),
  })

type Severity = OutputOf<typeof severityInput>['severity_level']

// Has the switch log the message of a check, and asks for what it has logged since.
function loggingOf(check: string, severity: Severity) {
  const logged = showText(`show logging ${severity} last 30 seconds | grep ANTA`)
  return [
    showText(`send log level ${severity} message ${messageOf(check)}`),
    { ...logged, command: { ...logged.command, askedBy: check } },
  ] as const
}

function lastLogged(check: string, printed: string) {
  return printed.split('\n').findLast((line) => line.includes(messageOf(check)))
}

function messageOf(check: string) {
  return `ANTA ${check} validation`
}

/** Who has run which command is written down. */
export const VerifyLoggingAccounting = defineVerify({
  summary: 'Verifies that AAA accounting logs are generated.',
  docs: 'Passes when the last accounting logs hold the very command that asks for them.',
  asks: showText('show aaa accounting logs | tail'),
  judge: (logs) => (logs.includes('cmd=show aaa accounting logs') ? [] : ['AAA accounting logs are not generated']),
})

const loggingEntry = () =>
  z
    .strictObject({
      regex_match: z
        .union([pattern(), z.array(pattern()).min(1)], {
          error: 'expected a regular expression, such as ^Ethernet, or a list of them',
        })
        .describe('Pattern or patterns that a line of the log may match.'),
      last_number_messages: integer(1, 9999).nullish().describe('How many messages to look at.'),
      ...timeInputs(),
      severity_level: logSeverity().default('informational').describe('Severity of the messages.'),
      fail_on_match: flag('Whether a pattern that is found is the fault.'),
    })
    .refine((entry) => (entry.last_number_messages == null) !== (entry.last_number_time_units == null), {
      error: 'expected either last_number_messages or last_number_time_units',
    })

type LoggingEntry = OutputOf<typeof loggingEntry>

/** The log holds what it should, and nothing that it should not. */
export const VerifyLoggingEntries = defineVerify({
  summary: 'Verifies that patterns are, or are not, in the log.',
  docs: 'Passes when each pattern is found in the log; of an entry with `fail_on_match`, when none is.',
  example: {
    logging_entries: [
      { regex_match: '.*ACCOUNTING-5-EXEC: admin ssh.*', last_number_messages: 30, severity_level: 'alerts' },
      { regex_match: ['.*SPANTREE-6-.*'], last_number_time_units: 3, time_unit: 'hours', fail_on_match: true },
    ],
  },
  input: () => ({ logging_entries: someOf(loggingEntry(), 'What to look for.') }),
  asks: ({ logging_entries }) =>
    logging_entries.map((entry) => showText(`show logging ${depthOf(entry)} ${entry.severity_level}`)),
  judge: (logs, { logging_entries }) =>
    verdictOf(logging_entries.flatMap((entry, index) => findingsIn(logs[index] ?? '', entry))),
})

function findingsIn(log: string, entry: LoggingEntry) {
  const { regex_match, severity_level, fail_on_match } = entry
  const where = `in last ${depthOf(entry)} ${severity_level} log entries`
  return [regex_match].flat().flatMap((one) => {
    const isFound = matchesWithin(one, log)
    if (isFound === undefined) return [tooSlow(one)]
    if (isFound === fail_on_match) {
      return [
        {
          fault: isFound
            ? `Unexpected Pattern: \`${one}\` - Found ${where}`
            : `Pattern: \`${one}\` - Not found ${where}`,
        },
      ]
    }
    return []
  })
}

function depthOf({ last_number_messages, last_number_time_units, time_unit }: LoggingEntry) {
  if (typeof last_number_messages === 'number') return String(last_number_messages)
  return lastTime(last_number_time_units, time_unit)
}

/** Nothing has gone so wrong that the switch has logged an error. */
export const VerifyLoggingErrors = defineVerify({
  summary: 'Verifies that no message of severity ERRORS or higher was logged.',
  docs: 'Passes when the log holds no such message, which is an empty answer; with `last_number_time_units` of that time only.',
  example: { last_number_time_units: 10, time_unit: 'hours' },
  input: timeInputs,
  asks: ({ last_number_time_units, time_unit }) =>
    showText(`show logging threshold errors ${lastTime(last_number_time_units, time_unit)}`),
  judge: (printed) =>
    printed === '' ? [] : [`Device has reported syslog messages with a severity of ERRORS or higher:\n${printed}`],
})

const HOSTNAME_TEST = 'VerifyLoggingHostname'

const SHOW_FQDN = show('show hostname', () => ({ fqdn: z.string().min(1) }))

/** Log messages say the whole name of the switch. */
export const VerifyLoggingHostname = defineVerify({
  summary: 'Verifies that log messages carry the FQDN of the switch.',
  docs: 'Logs one message at the severity and passes when the log of the last 30 seconds has it with the FQDN of the switch.',
  example: { severity_level: 'informational' },
  input: severityInput,
  asks: ({ severity_level }) => [SHOW_FQDN, ...loggingOf(HOSTNAME_TEST, severity_level)],
  judge: ([{ fqdn }, _sent, log]) => {
    const words = lastLogged(HOSTNAME_TEST, log)?.split(/\s+/) ?? []
    return words.includes(fqdn) ? [] : ['Logs are not generated with the device FQDN']
  },
})

const SERVER = /^\s*Logging to '([^']+)' .*\bin VRF (\S+)/gm

/** Log messages go to the syslog servers. */
export const VerifyLoggingHosts = defineVerify({
  summary: 'Verifies the syslog servers of a VRF.',
  docs: 'Passes when every server is configured in the VRF; further servers do not matter.',
  example: { hosts: ['192.0.2.1', '192.0.2.2'], vrf: 'default' },
  input: () => ({
    hosts: someOf(ipv4(), 'Addresses of the syslog servers.'),
    vrf: vrf().describe('The VRF that log messages take.'),
  }),
  asks: SHOW_LOGGING,
  judge: (printed, { hosts, vrf }) => {
    const servers = [...settingsIn(printed).matchAll(SERVER)].flatMap(([, host, of]) => (of === vrf ? [host] : []))
    const missing = hosts.filter((host) => !servers.includes(host))
    return missing.length === 0 ? [] : [`Syslog servers ${missing.join(', ')} are not configured in VRF ${vrf}`]
  },
})

const GENERATION_TEST = 'VerifyLoggingLogsGeneration'

/** A message that the switch is told to log is in its log. */
export const VerifyLoggingLogsGeneration = defineVerify({
  summary: 'Verifies that the switch logs a message when it is asked to.',
  docs: 'Logs one message at the severity and passes when it is in the log of the last 30 seconds.',
  example: { severity_level: 'informational' },
  input: severityInput,
  asks: ({ severity_level }) => loggingOf(GENERATION_TEST, severity_level),
  judge: ([_sent, log]) => (lastLogged(GENERATION_TEST, log) === undefined ? ['Logs are not generated'] : []),
})

/** The log outlives a reload. */
export const VerifyLoggingPersistent = defineVerify({
  summary: 'Verifies that persistent logging is enabled and that logs are saved in flash.',
  docs: 'Passes when persistent logging has a level and its folder in flash holds a log that is not empty.',
  asks: [SHOW_LOGGING, showText('dir flash:/persist/messages')],
  judge: ([logging, folder]) => {
    if (settingsIn(logging).includes('Persistent logging: disabled')) {
      return ['Persistent logging is disabled']
    }
    const [, size = '0'] = /-rw-\s+(\d+)/.exec(folder) ?? []
    return Number(size) > 0 ? [] : ['No persistent logs are saved in flash']
  },
})

const SOURCE = /^\s*Logging source-interface '([^']+)'.* in VRF (\S+)\s*$/gm

/** Log messages leave from a known interface. */
export const VerifyLoggingSourceIntf = defineVerify({
  summary: 'Verifies the source interface of log messages in a VRF.',
  docs: 'Passes when the interface is the logging source-interface of the VRF.',
  example: { interface: 'Management0', vrf: 'default' },
  input: () => ({
    interface: word().describe('The interface whose address log messages come from.'),
    vrf: vrf().describe('The VRF that log messages take.'),
  }),
  asks: SHOW_LOGGING,
  judge: (printed, input) => {
    const sources = [...settingsIn(printed).matchAll(SOURCE)]
    const isConfigured = sources.some(([, name, vrf]) => name === input.interface && vrf === input.vrf)
    return isConfigured ? [] : [`Source-interface: ${input.interface} VRF: ${input.vrf} - Not configured`]
  },
})

const TIMESTAMP_TEST = 'VerifyLoggingTimestamp'

// A time as RFC 3339 has it, with microseconds and the offset of its zone: `2024-01-25T15:30:45.123456+00:00`.
const HIGH_RESOLUTION = /^\s*\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}[+-]\d{2}:\d{2}\s/

/** Log messages say their time exactly. */
export const VerifyLoggingTimestamp = defineVerify({
  summary: 'Verifies that log messages carry a high-resolution timestamp.',
  docs: 'Logs one message at the severity and passes when the log of the last 30 seconds has it with a time of RFC 3339 with microseconds and offset.',
  example: { severity_level: 'informational' },
  input: severityInput,
  asks: ({ severity_level }) => loggingOf(TIMESTAMP_TEST, severity_level),
  judge: ([_sent, log]) =>
    HIGH_RESOLUTION.test(lastLogged(TIMESTAMP_TEST, log) ?? '')
      ? []
      : ['Logs are not generated with the appropriate timestamp format'],
})

/** The switch logs at all. */
export const VerifySyslogLogging = defineVerify({
  summary: 'Verifies that syslog logging is enabled.',
  docs: 'Passes when `show logging` says that syslog logging is enabled.',
  asks: SHOW_LOGGING,
  judge: (printed) => (settingsIn(printed).includes('Syslog logging: enabled') ? [] : ['Syslog logging is disabled']),
})
