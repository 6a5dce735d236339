// goeapi over HTTP: commands, configuration, sessions, and its modules for VLANs and interfaces.
//
// It is called as a driver of ../python is: `goeapi TARGET`, TARGET being a JSON object. For each assertion it prints one
// line of JSON: {"name", "ok", "detail"}.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/aristanetworks/goeapi"
	"github.com/aristanetworks/goeapi/module"
)

type target struct {
	Name, Eos, Host, Username, Password string
	HTTP                                int `json:"http"`
}

func check(name string, ok bool, detail interface{}) {
	said := ""
	if !ok {
		said = fmt.Sprint(detail)
	}
	line, _ := json.Marshal(map[string]interface{}{"name": name, "ok": ok, "detail": said})
	fmt.Println(string(line))
}

func equal(name string, got, want interface{}) {
	check(name, fmt.Sprint(got) == fmt.Sprint(want), fmt.Sprintf("got %q, not %q", got, want))
}

// running is the running-config as the switch has it now: a node keeps the one that it read first.
func running(node *goeapi.Node) string {
	node.Refresh()
	return node.RunningConfig()
}

func main() {
	var given target
	if err := json.Unmarshal([]byte(os.Args[1]), &given); err != nil {
		panic(err)
	}
	node, err := goeapi.Connect("http", given.Host, given.Username, given.Password, given.HTTP)
	if err != nil {
		panic(err)
	}
	before := running(node)

	shown, err := node.RunCommands([]string{"show version", "show hostname"}, "json")
	check("RunCommands: JSON", err == nil, err)
	equal("RunCommands: the version", shown.Result[0]["version"], given.Eos)
	equal("RunCommands: the hostname", shown.Result[1]["hostname"], given.Name)
	text, err := node.RunCommands([]string{"show version"}, "text")
	check("RunCommands: text", err == nil && strings.Contains(fmt.Sprint(text.Result[0]["output"]), given.Eos), text)
	_, err = node.RunCommands([]string{"show bogus"}, "json")
	check("RunCommands: an unknown command fails", err != nil && strings.Contains(err.Error(), "Error(1002): CLI command 2 of 2"), err)
	wrong, _ := goeapi.Connect("http", given.Host, given.Username, "wrong", given.HTTP)
	_, err = wrong.RunCommands([]string{"show version"}, "json")
	check("Connect: a wrong password", err != nil, "it was let in")
	check("RunningConfig: the hostname", strings.Contains(before, "hostname "+given.Name), before)
	check("StartupConfig: the hostname", strings.Contains(node.StartupConfig(), "hostname "+given.Name), "")

	check("Config: its lines are taken", node.Config("vlan 3861", "name GOEAPI"), "")
	check("Config: it is there", strings.Contains(running(node), "vlan 3861\n   name GOEAPI\n"), "")
	check("Config: a bad line is refused", !node.Config("bogus line here"), "it was taken")

	vlans := module.Vlan(node)
	equal("Vlan: its name", vlans.Get("3861").Name(), "GOEAPI")
	check("Vlan: another name", vlans.SetName("3861", "BY-MODULE"), "")
	check("Vlan: the other name is there", strings.Contains(running(node), "vlan 3861\n   name BY-MODULE\n"), "")
	check("Vlan: it goes", vlans.Delete("3861"), "")
	equal("Vlan: it is as before", running(node), before)

	ports := module.Interface(node)
	equal("Interface: a description", ports.Get("Loopback0")["description"] != "", true)
	check("Interface: another description", ports.SetDescription("Ethernet14", "by goeapi"), "")
	check("Interface: it is there", strings.Contains(running(node), "interface Ethernet14\n   description by goeapi\n"), "")
	check("Interface: its default", ports.Default("Ethernet14"), "")
	equal("Interface: it is as before", running(node), before)

	show := module.Show(node)
	equal("Show: the version", show.ShowVersion().Version, given.Eos)
	check("Show: the interfaces", len(show.ShowInterfaces().Interfaces) > 50, "")
}
