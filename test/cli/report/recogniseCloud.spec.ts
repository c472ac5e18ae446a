import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { errorsIn, parseEvents } from "../../../cli/report/engineEvents.ts";
import { recognise } from "../../../cli/report/recognise.ts";
import { assertReachesCloud } from "../../../cli/stack/cloud.ts";
import { UserError } from "../../../messages/errors.ts";

const around = { stackName: "gke", passphraseFile: "/p" };

/** Messages in the words of the gcp plugin, of Google's APIs and of the engine. */
const cases: readonly [string, string, RegExp, RegExp][] = [
  [
    "missing credentials",
    "failed to load application credentials.\nTo use your default gcloud credentials, run:\n\t`gcloud auth application-default login`",
    /no credentials from this machine/,
    /gcloud auth login --update-adc.*GOOGLE_CREDENTIALS/,
  ],
  [
    "an API that is not enabled",
    "googleapi: Error 403: Kubernetes Engine API has not been used in project 538440108421 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/container.googleapis.com/overview?project=538440108421 then retry.",
    /project 538440108421 does not use container\.googleapis\.com/,
    /gcloud services enable container\.googleapis\.com --project 538440108421/,
  ],
  [
    "an API that is not enabled, in GKE's words",
    "googleapi: Error 403: Kubernetes Engine API is not enabled for this project. Please ensure it is enabled in Google Cloud Console and try again: visit https://console.cloud.google.com/apis/api/container.googleapis.com/overview?project=my-project to do so., forbidden",
    /project my-project does not use container\.googleapis\.com/,
    /--project my-project`/,
  ],
  [
    "a quota",
    `error creating NodePool: googleapi: Error 403: \n\t(1) insufficient regional quota to satisfy request: resource "CPUS": request requires '72.0' and is short '48.0'. project has a quota of '24.0' with '24.0' available.`,
    /quota for CPUS is too small: 72\.0 are needed, 48\.0 more than are free/,
    /Quotas in the console/,
  ],
  [
    "a quota of Compute Engine",
    "Error waiting to create Address: Quota 'STATIC_ADDRESSES' exceeded.  Limit: 8.0 in region europe-west1.",
    /quota for STATIC_ADDRESSES is used up/,
    /another location/,
  ],
  [
    "a zone without the machine type",
    "Invalid value for field 'resource.machineType'. Machine type with name 'n1-standard-1' does not exist in zone 'europe-west8-a'.",
    /zone europe-west8-a has no machines of type n1-standard-1/,
    /machine-types list --zones europe-west8-a/,
  ],
  [
    "a version that the channel does not offer",
    'googleapi: Error 400: Master version must be one of "STABLE" channel supported versions [1.28.14-gke.1099000, 1.29.9-gke.1177000].',
    /channel STABLE does not offer kubernetesVersion/,
    /write one of 1\.28\.14-gke\.1099000, 1\.29\.9-gke\.1177000,/,
  ],
  [
    "a minor that is gone",
    'googleapi: Error 400: No valid versions with the prefix "1.28" found.',
    /does not offer the version 1\.28/,
    /leave kubernetesVersion out/,
  ],
  [
    "a patch that is gone",
    'googleapi: Error 400: Master version "1.25.16-gke.1041000" is unsupported.',
    /does not offer the version 1\.25\.16-gke\.1041000/,
    /get-server-config/,
  ],
  [
    "a missing permission",
    "googleapi: Error 403: Required 'compute.networks.create' permission for 'projects/my-project/global/networks/provenet', forbidden",
    /lacks the permission compute\.networks\.create/,
    /ask an owner of the project/,
  ],
  [
    "a project that does not exist",
    "googleapi: Error 404: The resource 'projects/my-project' was not found, notFound",
    /has no project my-project/,
    /correct provenet:cluster\.project/,
  ],
  ...[
    "googleapi: Error 403: Permission denied on 'locations/europe-west99' (or it may not exist)., forbidden",
    'googleapi: Error 400: Location "europe-west99" does not exist., badRequest',
    "Unknown region 'europe-west99'.",
  ].map(
    (text) =>
      [
        `a location that does not exist: ${text}`,
        text,
        /has no location europe-west99/,
        /gcloud compute regions list/,
      ] as [string, string, RegExp, RegExp],
  ),
  [
    "a project of somebody else",
    "googleapi: Error 403: Permission denied on resource project my-project.",
    /has no project my-project, or does not show it to this account/,
    /correct provenet:cluster\.project/,
  ],
  [
    "billing that is off",
    "googleapi: Error 403: This API method requires billing to be enabled. Please enable billing on project #my-project by visiting https://console.developers.google.com/billing/enable?project=my-project then retry.",
    /project has no billing account/,
    /gcloud billing projects link/,
  ],
  [
    "a sign-in that is too old",
    'oauth2: "invalid_grant" "reauth related error (invalid_rapt)"',
    /sign-in .* has expired/,
    /gcloud auth login --update-adc/,
  ],
  [
    "a resource that is there",
    "Error creating Network: googleapi: Error 409: The resource 'projects/my-project/global/networks/provenet' already exists, alreadyExists",
    /projects\/my-project\/global\/networks\/provenet already exists/,
    /another provenet:cluster\.name/,
  ],
  [
    "a cluster that is there",
    "googleapi: Error 409: Already exists: projects/my-project/locations/europe-west1/clusters/provenet., alreadyExists",
    /projects\/my-project\/locations\/europe-west1\/clusters\/provenet already exists/,
    /delete it/,
  ],
  [
    "a resource in use",
    "googleapi: Error 400: The subnetwork resource 'projects/p/regions/r/subnetworks/s' is already being used by 'projects/p/regions/r/routers/x', resourceInUseByAnotherResource",
    /projects\/p\/regions\/r\/subnetworks\/s is in use by projects\/p\/regions\/r\/routers\/x/,
    /run this again/,
  ],
  [
    "a zone without room",
    "googleapi: Error 503: ZONE_RESOURCE_POOL_EXHAUSTED: The zone 'projects/p/zones/europe-west1-b' does not have enough resources available",
    /zone .*europe-west1-b has no machines .* free/,
    /another machineType or other zones/,
  ],
  [
    "an account that is not known everywhere yet",
    "googleapi: Error 400: Service account provenet-nodes@my-project.iam.gserviceaccount.com does not exist.",
    /provenet-nodes@my-project\.iam\.gserviceaccount\.com is not known everywhere yet/,
    /wait a minute/,
  ],
  [
    "a protected cluster",
    'resource "urn:pulumi:gke::provenet::provenet:cluster:GkeCluster$gcp:container/cluster:Cluster::cluster-control-plane" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the `protect` flag',
    /deletion protection is on, so nothing was deleted/,
    /deletionProtection to false in Pulumi\.gke\.yaml and run `npm run up gke`/,
  ],
];

describe("what Google Cloud reports", () => {
  for (const [what, text, message, fix] of cases) {
    it(`becomes one error with a fix: ${what}`, () => {
      const error = recognise(`error: update failed\n${text}`, around);
      expect(error?.message).to.match(message);
      expect(error?.fix).to.match(fix);
    });
  }

  for (const other of [
    'resource "urn:pulumi:dev::provenet::kubernetes:core/v1:Namespace::web" cannot be deleted\nbecause it is protected.',
    "googleapi: Error 500: Internal error",
  ]) {
    it(`stays as it is otherwise: ${other.slice(0, 40)}`, () => {
      expect(recognise(other, around)).to.equal(undefined);
    });
  }

  it("is read from the engine's events, of which a killed engine leaves one unfinished", () => {
    const event = (severity: string, message: string) =>
      `${JSON.stringify({ diagnosticEvent: { severity, message } })}\n`;
    const text = event("warning", "old") + event("error", "one") + event("error", "two") + '{"dia';
    expect(errorsIn(parseEvents(text))).to.equal("one\ntwo");
  });
});

describe("up of a stack in Google Cloud", () => {
  const bin = mkdtempSync(join(tmpdir(), "provenet-plugin-"));
  writeFileSync(join(bin, "gke-gcloud-auth-plugin"), "", { mode: 0o755 });
  after(() => {
    rmSync(bin, { recursive: true });
  });
  const up =
    (kind: string, officialPulumi: boolean, path = bin) =>
    () => {
      assertReachesCloud("gke", kind, { officialPulumi }, path);
    };

  it("is refused without the sign-in plugin, before anything is made", () => {
    expect(up("gke", true, "/nonexistent")).to.throw(UserError, /gke-gcloud-auth-plugin/);
    expect(up("minikube", true, "/nonexistent")).not.to.throw();
  });

  it("is refused on a machine with the lab's engine only, before anything is built", () => {
    expect(up("gke", false)).to.throw(UserError, /only Pulumi's official gcp plugin changes/);
  });

  it("goes on with the official engine, and so do other kinds", () => {
    expect(up("gke", true)).not.to.throw();
    expect(up("minikube", false)).not.to.throw();
  });
});
