// Package libvirt replaces the bindings of the same name, which are written in C. Without C code,
// minikube shares the compiled packages of all other programs. Its driver kvm2 reports that it is
// left out. The lab uses the driver docker.
package libvirt

var errLeftOut = Error{Code: ERR_INTERNAL_ERROR, Message: "the lab's minikube is built without libvirt"}

// ErrorNumber says what is wrong.
type ErrorNumber int

// The numbers that the driver compares.
const (
	ERR_OK             ErrorNumber = 0
	ERR_INTERNAL_ERROR ErrorNumber = 1
	ERR_NO_NETWORK     ErrorNumber = 43
)

// Error is the answer to every call.
type Error struct {
	Code    ErrorNumber
	Message string
}

// Error returns the message.
func (e Error) Error() string { return e.Message }

// DomainState is the state of a virtual machine.
type DomainState int

// States of a virtual machine.
const (
	DOMAIN_NOSTATE DomainState = iota
	DOMAIN_RUNNING
	DOMAIN_BLOCKED
	DOMAIN_PAUSED
	DOMAIN_SHUTDOWN
	DOMAIN_SHUTOFF
	DOMAIN_CRASHED
	DOMAIN_PMSUSPENDED
)

// Flag is an option of a call.
type Flag uint

// Options of calls.
const (
	DOMAIN_XML_SECURE                    Flag = 1
	DOMAIN_XML_INACTIVE                  Flag = 2
	DOMAIN_SHUTDOWN_DEFAULT              Flag = 0
	DOMAIN_SHUTDOWN_ACPI_POWER_BTN       Flag = 1
	DOMAIN_UNDEFINE_KEEP_NVRAM           Flag = 8
	DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE Flag = 0
	DOMAIN_INTERFACE_ADDRESSES_SRC_ARP   Flag = 2
	NETWORK_UPDATE_COMMAND_DELETE        Flag = 2
	NETWORK_UPDATE_COMMAND_ADD_LAST      Flag = 3
	NETWORK_SECTION_IP_DHCP_HOST         Flag = 4
	NETWORK_UPDATE_AFFECT_LIVE           Flag = 1
	NETWORK_UPDATE_AFFECT_CONFIG         Flag = 2
)

// DomainIPAddress is an address of an interface.
type DomainIPAddress struct{ Addr string }

// DomainInterface is an interface of a virtual machine.
type DomainInterface struct {
	Name   string
	Hwaddr string
	Addrs  []DomainIPAddress
}

// NetworkDHCPLease is an address that a network has leased.
type NetworkDHCPLease struct {
	Iface    string
	Mac      string
	IPaddr   string
	Hostname string
}

// Connect is a connection, of which there is none.
type Connect struct{}

// NewConnect returns an error.
func NewConnect(string) (*Connect, error) { return nil, errLeftOut }

func (*Connect) Close() (int, error)                          { return 0, errLeftOut }
func (*Connect) GetLibVersion() (uint32, error)               { return 0, errLeftOut }
func (*Connect) ListDefinedDomains() ([]string, error)        { return nil, errLeftOut }
func (*Connect) ListAllDomains(Flag) ([]Domain, error)        { return nil, errLeftOut }
func (*Connect) LookupDomainByName(string) (*Domain, error)   { return nil, errLeftOut }
func (*Connect) DomainDefineXML(string) (*Domain, error)      { return nil, errLeftOut }
func (*Connect) LookupNetworkByName(string) (*Network, error) { return nil, errLeftOut }
func (*Connect) NetworkDefineXML(string) (*Network, error)    { return nil, errLeftOut }

// Domain is a virtual machine.
type Domain struct{}

func (*Domain) Free() error                         { return errLeftOut }
func (*Domain) Create() error                       { return errLeftOut }
func (*Domain) Destroy() error                      { return errLeftOut }
func (*Domain) Shutdown() error                     { return errLeftOut }
func (*Domain) ShutdownFlags(Flag) error            { return errLeftOut }
func (*Domain) UndefineFlags(Flag) error            { return errLeftOut }
func (*Domain) GetName() (string, error)            { return "", errLeftOut }
func (*Domain) GetXMLDesc(Flag) (string, error)     { return "", errLeftOut }
func (*Domain) GetState() (DomainState, int, error) { return DOMAIN_NOSTATE, 0, errLeftOut }

// ListAllInterfaceAddresses returns an error.
func (*Domain) ListAllInterfaceAddresses(Flag) ([]DomainInterface, error) { return nil, errLeftOut }

// Network is a network of virtual machines.
type Network struct{}

func (*Network) Free() error                                { return errLeftOut }
func (*Network) Create() error                              { return errLeftOut }
func (*Network) Destroy() error                             { return errLeftOut }
func (*Network) Undefine() error                            { return errLeftOut }
func (*Network) IsActive() (bool, error)                    { return false, errLeftOut }
func (*Network) GetAutostart() (bool, error)                { return false, errLeftOut }
func (*Network) SetAutostart(bool) error                    { return errLeftOut }
func (*Network) GetXMLDesc(Flag) (string, error)            { return "", errLeftOut }
func (*Network) GetDHCPLeases() ([]NetworkDHCPLease, error) { return nil, errLeftOut }
func (*Network) Update(Flag, Flag, int, string, Flag) error { return errLeftOut }
