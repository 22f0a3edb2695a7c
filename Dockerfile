# The image of a release: odoogen serve, an Odoo in memory to test against. goreleaser puts the program of each platform into
# the build context.
FROM gcr.io/distroless/static-debian13:nonroot
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/odoogen /usr/bin/odoogen
EXPOSE 8069
ENTRYPOINT ["/usr/bin/odoogen"]
CMD ["serve", "--public", "--addr", "0.0.0.0:8069", "--host", "*"]
