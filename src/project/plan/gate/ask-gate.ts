import { type GateHeard, readGateAnswer } from '../../../change/policy/gate-answer.ts'
import type { Gate } from '../../../change/policy/gate-schema.ts'
import type { Policy } from '../../../change/policy/policy.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { Problem } from '../../../model/problem.ts'
import { textPlaceOf } from '../../../text/source/located.ts'
import { serviceFaults } from '../../../text/source/service-schema.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Project } from '../../files/project.ts'
import { guardCommands } from '../../files/project-guard.ts'
import { allowedEnv, ProgramFault, printedBy } from '../../secret/program.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'

// How many bytes an answer may have.
const LONGEST = 65_536

export interface GateHost extends Pick<Host, 'env' | 'cwd'> {
  readonly project: Pick<Project, 'dir' | 'guard'>
  readonly http: HttpPort
}

/** Asks the gate of a policy about a document, once. `roles`: those of the policy. */
export async function askGate(
  host: GateHost,
  gate: Gate,
  roles: readonly string[],
  document: string,
): Promise<GateHeard> {
  try {
    return 'exec' in gate
      ? readGateAnswer(await printed(host, gate.exec, document), roles, false)
      : await posted(host.http, gate.http, roles, document)
  } catch (error) {
    return { fault: faultOf(error, host.http) }
  }
}

async function printed(
  { env: given, cwd, project }: GateHost,
  { command, env, timeout: seconds }: Extract<Gate, { exec: unknown }>['exec'],
  input: string,
) {
  guardCommands(project.guard, [command], [project.dir, cwd])
  return printedBy({
    command: command as readonly [string, ...string[]],
    env: allowedEnv(env, given),
    cwd: project.dir,
    seconds,
    longest: LONGEST,
    input,
  })
}

async function posted(
  http: HttpPort,
  { url, headers, timeout }: Extract<Gate, { http: unknown }>['http'],
  roles: readonly string[],
  document: string,
) {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const { status, body } = await http.send(
    {
      name: `POST ${url}`,
      method: 'POST',
      url,
      headers: { ...own, accept: 'application/json', 'content-type': 'application/json' },
      body: `{"input":${document}}`,
      milliseconds: timeout * 1000,
      onlyReads: true,
    },
    new AbortController().signal,
  )
  if (status !== 200) return { fault: `it answers with the status ${status}` }
  if (body.length > LONGEST) return { fault: `its answer has more than ${LONGEST} bytes` }
  return readGateAnswer(body, roles, true)
}

function faultOf(error: unknown, http: HttpPort) {
  if (error instanceof ProgramFault) return `the program ${error.message}`
  if (error instanceof InputError) return error.problems.map(({ message }) => message).join('; ')
  if (error instanceof EosflowError) return http.scrub(error.message)
  return 'it could not be asked'
}

/** What is wrong with the gate of a policy beside the hosts that the settings allow: it could never be asked. */
export function gateProblems(
  { file, gate }: Policy,
  content: string | Uint8Array,
  { settings }: Pick<Project, 'settings'>,
): readonly Problem[] {
  const located = readYaml(content, file)
  if (gate === undefined || !('http' in gate) || !located.ok) return []
  return serviceFaults('the gate', gate.http, settings.http?.hosts ?? []).map(({ path, ...fault }) => ({
    ...fault,
    at: textPlaceOf(located.value, ['gate', 'http', ...path]),
  }))
}
