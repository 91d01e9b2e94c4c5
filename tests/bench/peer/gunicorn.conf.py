"""Four workers of gunicorn's plain kind, straight on the port: no nginx in between takes from its share."""

workers = 4
worker_class = "sync"
accesslog = None


def post_worker_init(worker):
    import app
    app.start()
