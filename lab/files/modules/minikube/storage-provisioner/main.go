// minikube's hostPath provisioner without leader election: the endpoints lock that upstream's main
// asks for is gone from the client-go that minikube 1.38 builds with, and there is one replica.
package main

import (
	"context"
	"os"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"k8s.io/minikube/pkg/storage"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v6/controller"
)

const (
	provisionerName = "k8s.io/minikube-hostpath"
	volumes         = "/tmp/hostpath-provisioner"
)

func main() {
	if err := run(context.Background()); err != nil {
		klog.Exit(err)
	}
}

func run(ctx context.Context) error {
	if err := os.MkdirAll(volumes, 0o755); err != nil {
		return err
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	version, err := client.Discovery().ServerVersion()
	if err != nil {
		return err
	}
	provisioner := storage.NewHostPathProvisioner(volumes)
	controller.NewProvisionController(client, provisionerName, provisioner, version.GitVersion, controller.LeaderElection(false)).Run(ctx)
	return nil
}
