//! Emulators and clients that are not ours: moto, drongo, the aws CLI, gcloud, Google's own Python client.
