/** What is asked of the server: VLAN 120 on both leaves. */
export const CHANGE = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 } }
