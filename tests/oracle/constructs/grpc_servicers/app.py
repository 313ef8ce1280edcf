"""grpc.aio: a `def` method of a servicer runs in a pool of threads, a coroutine on the loop."""
import time

import grpc


class Greeter:
    def Plain(self, request, context):
        time.sleep(0.001)
        return b""

    async def Coroutine(self, request, context):
        time.sleep(0.001)
        return b""


class Interceptor(grpc.aio.ServerInterceptor):
    async def intercept_service(self, continuation, details):
        time.sleep(0.001)
        return await continuation(details)


def make():
    server = grpc.aio.server(interceptors=[Interceptor()])
    greeter = Greeter()
    methods = {
        "Plain": grpc.unary_unary_rpc_method_handler(greeter.Plain),
        "Coroutine": grpc.unary_unary_rpc_method_handler(greeter.Coroutine),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("Greeter", methods),))
    return server
