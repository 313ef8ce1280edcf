"""MCP servers: `def` tools, resources and prompts run in threads (mcp 2, fastmcp 3 and later)."""
import time

from fastmcp import FastMCP
from mcp.server import MCPServer

server, fast = MCPServer("server"), FastMCP("fast")


@server.tool()
def tool() -> str:
    time.sleep(0.001)
    return ""


@server.tool()
async def tool_async() -> str:
    time.sleep(0.001)
    return ""


@server.resource("data://one")
def resource() -> str:
    time.sleep(0.001)
    return ""


@server.prompt()
async def prompt_async() -> str:
    time.sleep(0.001)
    return ""


@fast.tool
def fast_tool() -> str:
    time.sleep(0.001)
    return ""


@fast.tool
async def fast_tool_async() -> str:
    time.sleep(0.001)
    return ""


@fast.resource("data://two")
def fast_resource() -> str:
    time.sleep(0.001)
    return ""


@fast.prompt
def fast_prompt() -> str:
    time.sleep(0.001)
    return ""
