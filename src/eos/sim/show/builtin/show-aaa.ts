import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show aaa methods authentication`: the methods of the configuration; `local` without any. */
export const showAaaAuthentication = defineShow({
  words: 'show aaa methods authentication',
  docs: 'Who checks passwords; the keys that ANTA reads.',
  json: ({ running }) => {
    const methods = (kind: string, name: string) => methodsOf(running, `aaa authentication ${kind} ${name}`)
    const login = methods('login', 'default') ?? ['local']
    const console = methods('login', 'console')
    return {
      loginAuthenMethods: {
        default: { methods: login },
        ...(console === undefined ? {} : { login: { methods: console } }),
      },
      enableAuthenMethods: { default: { methods: methods('enable', 'default') ?? ['local'] } },
      dot1xAuthenMethods: { default: { methods: methods('dot1x', 'default') ?? [] } },
    }
  },
})

/** `show aaa methods authorization`. */
export const showAaaAuthorization = defineShow({
  words: 'show aaa methods authorization',
  docs: 'Who says what a user may do; the keys that ANTA reads.',
  json: ({ running }) => ({
    commandsAuthzMethods: {
      'privilege0-15': {
        methods: methodsOf(running, 'aaa authorization commands all default') ??
          methodsOf(running, 'aaa authorization commands 0-15 default') ?? ['none'],
      },
    },
    execAuthzMethods: { exec: { methods: methodsOf(running, 'aaa authorization exec default') ?? ['none'] } },
  }),
})

/** `show aaa methods accounting`. */
export const showAaaAccounting = defineShow({
  words: 'show aaa methods accounting',
  docs: 'Who receives what users do; the keys that ANTA reads.',
  json: ({ running }) => ({
    commandsAcctMethods: { 'privilege0-15': accounting(running, 'commands all') },
    execAcctMethods: { exec: accounting(running, 'exec') },
    systemAcctMethods: { system: accounting(running, 'system') },
    dot1xAcctMethods: { dot1x: accounting(running, 'dot1x') },
  }),
})

/** `show tacacs`: the servers and groups of the configuration. */
export const showTacacs = defineShow({
  words: 'show tacacs',
  docs: 'TACACS+ servers, groups and source interfaces; the keys that ANTA reads.',
  json: (context) => ({
    tacacsServers: lines(context, /^tacacs-server host (\S+)(?: vrf (\S+))?/).map(([host = '', vrf = 'default']) => ({
      serverInfo: serverJson(host, vrf),
    })),
    groups: Object.fromEntries(
      context.running.children.flatMap((node) => {
        const name = /^aaa group server tacacs\+ (\S+)$/.exec(node.line)?.[1]
        if (name === undefined) return []
        const members = node.children.flatMap(({ line }) => {
          const [, host, vrf = 'default'] = /^server (\S+)(?: vrf (\S+))?/.exec(line) ?? []
          return host === undefined ? [] : [serverJson(host, vrf)]
        })
        return [[name, { serverGroup: 'TACACS+', members }] as const]
      }),
    ),
    srcIntf: Object.fromEntries(
      lines(context, /^ip tacacs (?:vrf (\S+) )?source-interface (\S+)/).map(([vrf = 'default', name = '']) => [
        vrf,
        name,
      ]),
    ),
  }),
})

function serverJson(hostname: string, vrf: string): JsonObject {
  return { hostname, authport: 49, vrf }
}

function lines({ running }: ShowContext, pattern: RegExp): readonly (readonly (string | undefined)[])[] {
  return running.children.flatMap(({ line }) => {
    const match = pattern.exec(line)
    return match === null ? [] : [match.slice(1)]
  })
}

/** `group tacacs+ local` is two methods. */
function methodsOf(running: ConfigTree, head: string): readonly string[] | undefined {
  const line = running.children.find((node) => node.line.startsWith(`${head} `))?.line.slice(head.length + 1)
  return line?.match(/group \S+|\S+/g) ?? undefined
}

const ACTION: Readonly<Record<string, string>> = { 'start-stop': 'startStop', 'stop-only': 'stopOnly', none: 'none' }

function accounting(running: ConfigTree, what: string): JsonObject {
  const of = (scope: string): readonly string[] => {
    const line = running.children.find((node) => node.line.startsWith(`aaa accounting ${what} ${scope} `))?.line
    return line?.slice(`aaa accounting ${what} ${scope} `.length).match(/group \S+|\S+/g) ?? []
  }
  const [action, ...methods] = of('default')
  const [consoleAction, ...consoleMethods] = of('console')
  return {
    ...(action === undefined ? {} : { defaultAction: ACTION[action] ?? action }),
    defaultMethods: methods,
    ...(consoleAction === undefined ? {} : { consoleAction: ACTION[consoleAction] ?? consoleAction }),
    consoleMethods,
  }
}
