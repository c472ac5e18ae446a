import * as k8s from "@pulumi/kubernetes";
import { PolicyPack, validateResourceOfType } from "@pulumi/policy";

new PolicyPack("engine-tests", {
  policies: [
    {
      name: "image-has-a-version",
      description: "An image without a version changes under one's feet.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(
        k8s.apps.v1.Deployment,
        (deployment, _args, report) => {
          for (const { name, image } of deployment.spec.template.spec?.containers ?? []) {
            if (image?.endsWith(":latest") ?? true) {
              report(`container ${name} runs ${image ?? "no image"}: name a version`);
            }
          }
        },
      ),
    },
    {
      name: "one-namespace",
      description: "The whole graph is seen.",
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        const namespaces = resources.filter((resource) => resource.isType(k8s.core.v1.Namespace));
        if (namespaces.length !== 1) report(`there are ${namespaces.length} namespaces: keep one`);
      },
    },
  ],
});
