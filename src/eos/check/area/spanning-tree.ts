import { z } from 'zod'
import { definedMembers, ownMember } from '../../../model/json.ts'
import { type OutputOf, partly, recordOf, show } from '../answer/show.ts'
import { became, compareRecords, place, type StateChange, type Thing } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf } from './define-area.ts'

// `show spanning-tree root detail` (docs/eos.md 6.2).
const ROOTS = show('show spanning-tree root detail', () => ({
  instances: recordOf({
    rootBridge: z.object({ priority: z.int(), systemIdExtension: z.int().default(0), macAddress: z.string() }),
  }),
}))

// `show spanning-tree`: what every port does in each tree. Only the keys of a tree without ports are recorded (docs/unproven.md).
const TREES = show('show spanning-tree', () => ({
  spanningTreeInstances: recordOf({
    interfaces: recordOf({ role: z.string(), state: z.string() }).default({}),
  }),
}))

// `show spanning-tree topology status detail`: how often every port has begun or ended to forward (docs/eos.md 6.2).
const TOPOLOGIES = show('show spanning-tree topology status detail', () => ({
  topologies: recordOf({ interfaces: recordOf(partly({ numChanges: z.int() })) }),
}))

const state = () =>
  recordOf(
    z.strictObject({
      root: z.string(),
      ports: recordOf(
        z.strictObject({ role: z.string(), state: z.string(), topologyChanges: z.int().exactOptional() }),
      ),
    }),
  )

type Trees = OutputOf<typeof state>
type Port = Trees[string]['ports'][string]

export const spanningTreeArea = defineArea({
  name: 'spanning-tree',
  docs: 'Every spanning tree: its root bridge; the role and the state of every port, and whether its topology changed in between.',
  asks: [ROOTS, TREES, TOPOLOGIES],
  state,
  tell: ([rootReply, treeReply, topologyReply]) => {
    const roots = answerOf(rootReply, ROOTS)
    const trees = answerOf(treeReply, TREES)
    const topologies = answerOf(topologyReply, TOPOLOGIES)
    const changes = new Map(
      Object.entries(topologies.topologies).map(([name, { interfaces }]) => [instanceOf(name), interfaces]),
    )
    return eachOf(trees.spanningTreeInstances, ({ interfaces }, name) => {
      const counted = changes.get(name.toLowerCase()) ?? {}
      const ports = eachOf(interfaces, ({ role, state: does }, port): Port => {
        const times = ownMember(counted, port)?.numChanges
        return { role, state: does, ...definedMembers({ topologyChanges: times }) }
      })
      return { root: rootWords(ownMember(roots.instances, name)?.rootBridge), ports }
    })
  },
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (tree) => ({ subject: tree, label: `spanning tree ${tree}` }),
      added: ({ root }) => ` added: root ${root}`,
      removed: ({ root }) => ` removed: was root ${root}`,
      changed: (tree, was, is) => [
        ...became(tree, 'root', [was.root, is.root], { suffix: ' root' }),
        ...compareRecords(was.ports, is.ports, {
          thing: (port) => ({ subject: port, label: `${tree.label} ${port}` }),
          added: (now) => ` added: ${portWords(now)}`,
          removed: (then) => ` removed: was ${portWords(then)}`,
          changed: portChanges,
        }),
      ],
    }),
})

// EOS calls the topology of MST0 `Cist`, and others as their tree in other letters.
function instanceOf(topology: string) {
  return topology === 'Cist' ? 'mst0' : topology.toLowerCase()
}

// `32768 00:1c:73:aa:01:01`: the priority as EOS prints it, with the number of the tree in it.
function rootWords(root?: { priority: number; systemIdExtension: number; macAddress: string }) {
  return root === undefined ? '' : `${root.priority + root.systemIdExtension} ${root.macAddress}`
}

function portWords({ role, state: does }: Port) {
  return `${role} ${does}`
}

function portChanges(port: Thing, was: Port, is: Port): readonly StateChange[] {
  const [before, after] = [was.topologyChanges ?? 0, is.topologyChanges ?? 0]
  if (portWords(was) !== portWords(is)) return became(port, 'role', [portWords(was), portWords(is)])
  if (was.topologyChanges === undefined || after <= before) return []
  const text = `${port.label} changed in between: ${before} -> ${after} topology changes`
  return [{ ...place(port), kind: 'changed', attribute: 'topologyChanges', was: before, is: after, text }]
}
