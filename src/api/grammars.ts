import type { Grammar } from './fields.ts';

/** A Kubernetes namespace. */
export const NAMESPACE_NAME: Grammar = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  message:
    'must be the name of a namespace: lower case letters, digits and "-", first and last a letter or digit',
};

/** The name of a Kubernetes object. */
export const OBJECT_NAME: Grammar = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maxLength: 253,
  message:
    'must be the name of an object: lower case letters, digits, "-" and ".", first and last a letter or digit',
};

/** A key of a Secret or ConfigMap. */
export const DATA_KEY: Grammar = {
  pattern: /^[-._a-zA-Z0-9]+$/,
  maxLength: 253,
  message: 'must be a key of a Secret or ConfigMap: letters, digits, "-", "_" and "."',
};

/** The name of an environment variable. */
export const ENVIRONMENT_VARIABLE: Grammar = {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  maxLength: 128,
  message: 'must be the name of an environment variable: letters, digits and "_", not starting with a digit',
};

/** Names for which the plugin's cleaning changes nothing, and which it can delete again. */
export const PIPELINE_NAME: Grammar = {
  pattern: /^[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$/,
  maxLength: 200,
  message: 'must consist of letters, digits, "_" and "-", first and last a letter or digit',
};

/** Where an HTTP server answers; without user, query and fragment. */
export const HTTP_ENDPOINT: Grammar = {
  pattern: /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/,
  maxLength: 512,
  message:
    'must be an http or https URL without user, query or fragment, for example http://airflow-api-server:8080',
};

/** The API of an OpenMetadata server. */
export const OPENMETADATA_ENDPOINT: Grammar = {
  pattern: /^https?:\/\/[^\s/?#@]+(\/[^\s?#]+)*\/api$/,
  maxLength: 512,
  message:
    'must be an http or https URL that ends in /api, without a slash after it, for example http://openmetadata:8585/api',
};
