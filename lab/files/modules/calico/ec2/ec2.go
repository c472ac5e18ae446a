// Package ec2 replaces Amazon's client of the same name, which is a tenth of Calico's source. Felix
// uses it for its setting awsSrcDstCheck alone. The setting has no effect outside of EC2.
package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var errLeftOut = errors.New("the lab's Calico is built without a client for Amazon EC2")

// Client answers every request with an error.
type Client struct{}

// Options are the client's settings.
type Options struct{ Region string }

// DescribeInstancesInput is a request.
type DescribeInstancesInput struct{ InstanceIds []string }

// DescribeInstancesOutput is an answer.
type DescribeInstancesOutput struct{ Reservations []types.Reservation }

// ModifyNetworkInterfaceAttributeInput is a request.
type ModifyNetworkInterfaceAttributeInput struct {
	NetworkInterfaceId *string
	SourceDestCheck    *types.AttributeBooleanValue
}

// ModifyNetworkInterfaceAttributeOutput is an answer.
type ModifyNetworkInterfaceAttributeOutput struct{}

// NewFromConfig returns a client that answers every request with an error.
func NewFromConfig(aws.Config, ...func(*Options)) *Client { return &Client{} }

// DescribeInstances returns an error.
func (*Client) DescribeInstances(context.Context, *DescribeInstancesInput, ...func(*Options)) (*DescribeInstancesOutput, error) {
	return nil, errLeftOut
}

// ModifyNetworkInterfaceAttribute returns an error.
func (*Client) ModifyNetworkInterfaceAttribute(context.Context, *ModifyNetworkInterfaceAttributeInput, ...func(*Options)) (*ModifyNetworkInterfaceAttributeOutput, error) {
	return nil, errLeftOut
}
