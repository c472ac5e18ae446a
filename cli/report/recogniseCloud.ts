/** What Google Cloud and its plugin report, each with what to do. */
import { UserError } from "../../messages/errors.ts";
import type { Known } from "./known.ts";

const someVersion =
  "write a version that the channel offers, or leave kubernetesVersion out. `gcloud container get-server-config --location LOCATION` lists them";

/** Messages of the gcp plugin, of the APIs behind it, and of the engine about a protected cluster. */
export const cloudErrors: readonly Known[] = [
  {
    says: /failed to load application credentials|could not find default credentials|Attempted to load application default credentials/,
    error: () =>
      new UserError(
        "Google Cloud has no credentials from this machine",
        "run `gcloud auth login --update-adc`, or set GOOGLE_CREDENTIALS to the key of a service account",
      ),
  },
  {
    says: /(?:has not been used in project \S+ before or it is disabled|is not enabled for this project)[^]*?\/apis\/api\/([\w.-]+)\/overview\?project=([\w:.-]*\w)/,
    error: ([, api = "", project = ""]) =>
      new UserError(
        `the project ${project} does not use ${api}`,
        `run \`gcloud services enable ${api} --project ${project}\`, wait a minute, then run this again`,
      ),
  },
  {
    says: /insufficient (?:regional|project) quota to satisfy request: resource "(\w+)": request requires '([\d.]+)' and is short '([\d.]+)'/i,
    error: ([, resource = "", required = "", short = ""]) =>
      new UserError(
        `the project's quota for ${resource} is too small: ${required} are needed, ${short} more than are free`,
        "ask for more under IAM & Admin, Quotas in the console, or choose fewer nodes, a smaller machineType or another location",
      ),
  },
  {
    says: /Quota '(\w+)' exceeded/,
    error: ([, resource = ""]) =>
      new UserError(
        `the project's quota for ${resource} is used up`,
        "ask for more under IAM & Admin, Quotas in the console, or choose another location",
      ),
  },
  {
    says: /Machine type with name '([^']+)' does not exist in zone '([^']+)'/,
    error: ([, machineType = "", zone = ""]) =>
      new UserError(
        `the zone ${zone} has no machines of type ${machineType}`,
        `choose another machineType or other zones. \`gcloud compute machine-types list --zones ${zone}\` lists them`,
      ),
  },
  {
    says: /Master version must be one of "(\w+)" channel supported versions \[([^\]]*)\]/,
    error: ([, channel = "", versions = ""]) =>
      new UserError(
        `the channel ${channel} does not offer kubernetesVersion`,
        `write one of ${versions}, or leave kubernetesVersion out`,
      ),
  },
  {
    says: /No valid versions with the prefix "([^"]+)" found|Master version "([^"]+)" is unsupported/,
    error: ([, prefix, version]) =>
      new UserError(`GKE does not offer the version ${prefix ?? version ?? ""}`, someVersion),
  },
  {
    says: /Required '?"?([\w.]+)'?"? permission|Permission '([\w.]+)' denied/,
    error: ([, required, denied]) =>
      new UserError(
        `the account that is signed in lacks the permission ${required ?? denied ?? ""}`,
        "ask an owner of the project for the roles Kubernetes Engine Admin, Compute Network Admin, Compute Security Admin, Service Account Admin, Service Account User and Project IAM Admin",
      ),
  },
  {
    says: /Unknown project id: '?([\w:.-]*\w)|The resource 'projects\/([\w:.-]*\w)' was not found|Permission denied on resource project ([\w:.-]*\w)/,
    error: ([, id, name, denied]) =>
      new UserError(
        `Google Cloud has no project ${id ?? name ?? denied ?? ""}, or does not show it to this account`,
        "correct provenet:cluster.project. `gcloud projects list` lists the projects of this account",
      ),
  },
  {
    says: /Permission denied on 'locations\/([\w-]+)'|Location "([\w-]+)" does not exist|Unknown region:? '?"?([\w-]+)/,
    error: ([, denied, absent, region]) =>
      new UserError(
        `Google Cloud has no location ${denied ?? absent ?? region ?? ""}, or does not show it to this account`,
        "correct provenet:cluster.location and zones. `gcloud compute regions list` and `gcloud compute zones list` list them",
      ),
  },
  {
    says: /requires billing to be enabled|[Bb]illing (?:account .* is (?:closed|disabled)|is disabled|must be enabled)|BILLING_DISABLED/,
    error: () =>
      new UserError(
        "the project has no billing account, without which Google Cloud creates nothing",
        "link one (`gcloud billing projects link PROJECT --billing-account ACCOUNT`), wait a minute, then run this again",
      ),
  },
  {
    says: /invalid_rapt|invalid_grant/,
    error: () =>
      new UserError(
        "the sign-in to Google Cloud has expired",
        "run `gcloud auth login --update-adc`, then run this again",
      ),
  },
  {
    says: /The resource '([^']+)' already exists|Error 409: Already exists: ([^\s,]*\w)|(Service account \S+) already exists/,
    error: ([, resource, cluster, account], { stackName }) =>
      new UserError(
        `${resource ?? cluster ?? account ?? ""} already exists, and the state of ${stackName} does not have it`,
        "if an interrupted run left it behind, delete it in the console or with gcloud, then run this again. Otherwise choose another provenet:cluster.name",
      ),
  },
  {
    says: /resource '([^']+)' is already being used by '([^']+)'/,
    error: ([, resource = "", user = ""]) =>
      new UserError(
        `${resource} is in use by ${user}`,
        `wait until Google Cloud has deleted ${user}, or delete it if it is not provenet's, then run this again`,
      ),
  },
  {
    says: /ZONE_RESOURCE_POOL_EXHAUSTED[^]*?'(?:\S*\/)?([\w-]+)'|zone '(?:\S*\/)?([\w-]+)' does not have enough resources/,
    error: ([, exhausted, zone]) =>
      new UserError(
        `the zone ${exhausted ?? zone ?? ""} has no machines of this type free`,
        "choose another machineType or other zones, or run this again later",
      ),
  },
  {
    says: /Service account "?([\w.@-]+\w)"? does not exist/,
    error: ([, account = ""]) =>
      new UserError(
        `the service account ${account} is not known everywhere yet`,
        "wait a minute, then run this again",
      ),
  },
  {
    says: /gcp:container\/cluster:Cluster::[^]*?(?:because it is protected|currently marked for protection)|Cannot destroy cluster because deletion_protection is set to true/,
    error: (_, { stackName }) =>
      new UserError(
        "the cluster's deletion protection is on, so nothing was deleted",
        `set provenet:cluster.deletionProtection to false in Pulumi.${stackName}.yaml and run \`npm run up ${stackName}\`, then run this again`,
      ),
  },
];
