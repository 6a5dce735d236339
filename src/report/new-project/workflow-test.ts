/** The test of a new project's workflow: it runs on fabrics/dc1 and shows what can be expected. */
export const WORKFLOW_TEST = `# Tests of workflows/add-vlan.yaml on the simulated switches of fabrics/dc1: \`eosflow test\`.
# Time is virtual and nothing listens: hours of waiting are over at once. \`eosflow schema test\` prints which keys there are.
version: 1
workflow: workflows/add-vlan.yaml
fabric: fabrics/dc1
params: { vlan: 140, label: PROD-CACHE }
approvals: [{ by: ann }]

cases:
  - name: the VLAN reaches every leaf, and nothing else changes
    expect:
      outcome: succeeded
      exit: 0
      devices: { role:leaf: changed, role:spine: untouched }
      running:
        role:leaf: { contains: [vlan 140] }
      state:
        role:leaf: { vlan: { '140': { name: PROD-CACHE, status: active } } }
      everythingElse: unchanged

  - name: a spine that is lost under way puts the change back
    faults: [{ when: Verify, device: spine1, kind: link-down, port: Ethernet1/1 }]
    expect:
      outcome: rolled-back
      exit: 6
      checks: { leaf1: { bgp-established: fail } }
      running: { '*': { equals: before } }

  - name: a leaf that cannot be reached stops it before anything is written
    faults: [{ device: leaf3, kind: unreachable }]
    expect: { outcome: refused, exit: 10, error: leaf3, everythingElse: unchanged }

  - name: a rejected plan changes nothing
    approvals: [{ by: ann, decision: reject, comment: not this week }]
    expect: { outcome: refused, exit: 4, everythingElse: unchanged }
`
