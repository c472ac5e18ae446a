// Package types has the part of the EC2 API's types that Felix reads.
package types

// AttributeBooleanValue is a boolean attribute.
type AttributeBooleanValue struct{ Value *bool }

// Reservation is a group of instances.
type Reservation struct{ Instances []Instance }

// Instance is a virtual machine.
type Instance struct{ NetworkInterfaces []InstanceNetworkInterface }

// InstanceNetworkInterface is a network interface of an instance.
type InstanceNetworkInterface struct {
	Attachment         *InstanceNetworkInterfaceAttachment
	NetworkInterfaceId *string
}

// InstanceNetworkInterfaceAttachment says where an interface is attached.
type InstanceNetworkInterfaceAttachment struct{ DeviceIndex *int32 }
